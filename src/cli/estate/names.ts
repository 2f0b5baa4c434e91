import type { Resource } from '../../azure/arm/pages.ts';
import { lastOf } from './json.ts';

/** The name in the estate by ARM ID, in any casing; undefined for what is not there. */
export type Names = (id: string | undefined) => string | undefined;

/** In an estate names are unique per kind, in Azure per group: the second `data` becomes `data-2`. */
export function uniqueNames(resources: readonly Resource[]): Names {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const { id } of resources) {
    const name = lastOf(id);
    let unique = name;
    for (let count = 2; taken.has(unique.toLowerCase()); count += 1) unique = `${name}-${count}`;
    taken.add(unique.toLowerCase());
    names.set(id.toLowerCase(), unique);
  }
  return (id) => (id === undefined ? undefined : names.get(id.toLowerCase()));
}

/** Groups as they are called: IDs name them in whatever casing. */
export function groupNames(groups: readonly Resource[]): (id: string) => string {
  const names = new Map(groups.map(({ id }) => [lastOf(id).toLowerCase(), lastOf(id)]));
  return (id) => {
    const [, name = ''] = /\/resourceGroups\/([^/]+)/i.exec(id) ?? [];
    return names.get(name.toLowerCase()) ?? name;
  };
}
