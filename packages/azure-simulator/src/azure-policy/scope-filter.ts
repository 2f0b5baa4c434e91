import { sameId } from '../arm/resource-id.ts';
import type { ManagementGroups } from '../management/management-groups.ts';
import { unknownFilter } from '../resources/odata-filter.ts';

/** What each word of a filter asks, beside those of the scope; the value is there for `eq`. */
type Words<T> = Readonly<Record<string, (it: T, value: string) => boolean>>;

const TERM = /^(\w+)(?:\(\)|\s+eq\s+'([^']*)')$/;

/**
 * What a list at a scope shows: what was made there, above and below; `atScope()` leaves out below,
 * `atExactScope()` above too.
 *
 * Source: REST reference, Policy Assignments and Policy Exemptions – List, `$filter`.
 */
export function scopeFilter<T extends { readonly scope: string }>(
  filter: string | null,
  scope: string,
  hierarchy: ManagementGroups,
  words: Words<T>,
): (it: T) => boolean {
  const above = (it: T) => hierarchy.covers(it.scope, scope);
  const known: Words<T> = {
    atScope: above,
    atExactScope: (it) => sameId(it.scope, scope),
    ...words,
  };
  const tests = (filter ?? '')
    .split(/\s+and\s+/i)
    .filter((term) => term !== '')
    .map((term) => {
      const [, word = '', value = ''] = TERM.exec(term.trim()) ?? [];
      const test = Object.entries(known).find(([name]) => sameId(name, word))?.[1];
      if (test) return (it: T) => test(it, value);
      throw unknownFilter(filter ?? '');
    });
  return (it) =>
    (above(it) || hierarchy.covers(scope, it.scope)) && tests.every((holds) => holds(it));
}
