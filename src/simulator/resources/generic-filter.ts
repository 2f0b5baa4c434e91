import { ArmError } from '../arm/arm-error.ts';
import { parseResourceId } from '../arm/resource-id.ts';
import type { ResourceRecord } from './resource.ts';
import type { Tags } from './tags.ts';

interface Tagged {
  readonly tags: Tags | undefined;
}

const TERM = /^(\w+)\s+(eq|ne)\s+'((?:[^']|'')*)'$/i;

/** What the fields of a filter are compared with. */
const FIELDS: Readonly<Record<string, (resource: ResourceRecord) => string>> = {
  resourcetype: ({ type }) => type,
  resourcegroup: ({ id }) => parseResourceId(id)?.group ?? '',
  name: ({ name }) => name,
  location: ({ location }) => location,
};

/**
 * Which resources a list shows: `resourceType`, `resourceGroup`, `name` and `location` with `eq`
 * and `ne`, joined by `and`; or one tag by name and value.
 *
 * Source: REST reference, Resources – List, `$filter`.
 *
 * @throws ArmError 501 for anything else: what is not understood is not guessed.
 */
export function resourceFilter(filter: string | null): (resource: ResourceRecord) => boolean {
  if (!filter) return () => true;
  if (/^\(?tagname/i.test(filter.trim())) return tagFilter(filter);
  const terms = filter.split(/\s+and\s+/i).map((text) => {
    const [, field = '', operator = '', value = ''] = TERM.exec(text.trim()) ?? [];
    const read = FIELDS[field.toLowerCase()];
    if (!read) throw unknownFilter(filter);
    const wanted = value.replaceAll("''", "'").toLowerCase();
    const equal = operator.toLowerCase() === 'eq';
    return (resource: ResourceRecord) => (read(resource).toLowerCase() === wanted) === equal;
  });
  return (resource) => terms.every((holds) => holds(resource));
}

/** `tagName eq 'a'`, with or without `and tagValue eq 'b'`. */
export function tagFilter(filter: string | null): (it: Tagged) => boolean {
  if (!filter) return () => true;
  const [, name, value] =
    /^tagName eq '([^']*)'(?: and tagValue eq '([^']*)')?$/i.exec(filter.trim()) ?? [];
  if (name === undefined) throw unknownFilter(filter);
  return ({ tags = {} }) =>
    Object.entries(tags).some(
      ([tag, its]) =>
        tag.toLowerCase() === name.toLowerCase() && (value === undefined || its === value),
    );
}

function unknownFilter(filter: string): ArmError {
  return new ArmError(501, 'NotSimulated', `The simulated Azure does not know $filter=${filter}.`);
}
