import { parseResourceId } from '../arm/resource-id.ts';
import { odataFilter, unknownFilter } from './odata-filter.ts';
import type { ResourceRecord } from './resource.ts';
import type { Tags } from './tags.ts';

interface Tagged {
  readonly tags: Tags | undefined;
}

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
  if (filter && /^\(?tagname/i.test(filter.trim())) return tagFilter(filter);
  return odataFilter(filter, FIELDS);
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
