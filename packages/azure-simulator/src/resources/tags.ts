import { isObject } from './json.ts';

export type Tags = Readonly<Record<string, string>>;

/** The tags in a request body; `undefined` when it has none. */
export function tagsIn(body: unknown): Tags | undefined {
  if (!isObject(body) || !isObject(body['tags'])) return undefined;
  return Object.fromEntries(
    Object.entries(body['tags']).map(([name, value]) => [name, String(value ?? '')]),
  );
}

/** Tag names are compared without regard to case and keep the casing they were made with. */
export function changeTags(old: Tags, operation: string, given: Tags): Tags {
  const names = new Map(Object.keys(old).map((name) => [name.toLowerCase(), name]));
  if (operation === 'Replace') return given;
  const result: Record<string, string> = { ...old };
  for (const [name, value] of Object.entries(given)) {
    const known = names.get(name.toLowerCase()) ?? name;
    if (operation === 'Merge') result[known] = value;
    // Deletion takes a tag away when its value is the given one, or when none is given.
    else if (value === '' || result[known] === value) delete result[known];
  }
  return result;
}
