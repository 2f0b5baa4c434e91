import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bodies and errors that Azure was recorded to answer; not everywhere beside the checkout. */
export const RECORDED = join(import.meta.dirname, '../../../../shared/facts/wire');

export type Json = Readonly<Record<string, unknown>>;

export interface Sample {
  readonly file: string;
  readonly what: string;
  /** `GET https://…`. */
  readonly request: string;
  readonly item_of_list: boolean;
}

export function readRecorded<T>(file: string): T {
  return JSON.parse(readFileSync(join(RECORDED, file), 'utf8'));
}

/** Values whose keys are names that users gave. */
const NAMED = /\.(tags|userAssignedIdentities)$/;

/**
 * Where each value of a body stands, its type, and of IDs the casing: of the words, and whether the
 * group is in capitals.
 */
function shapeOf(value: unknown, path = ''): ReadonlyMap<string, string> {
  if (Array.isArray(value)) {
    const inner = value.flatMap((it) => [...shapeOf(it, `${path}[]`)]);
    return new Map([[path, 'list'], ...inner]);
  }
  if (typeof value !== 'object' || value === null) return new Map([[path, leaf(value)]]);
  return new Map([
    [path, 'object'],
    ...Object.entries(value).flatMap(([key, it]) => {
      return [...shapeOf(it, `${path}.${NAMED.test(path) ? '*' : key}`)];
    }),
  ]);
}

function leaf(value: unknown): string {
  if (typeof value !== 'string') return value === null ? 'null' : typeof value;
  const [, first, word, group] =
    /^\/(subscriptions)\/[^/]+(?:\/(resourceGroups)\/([^/]+))?/i.exec(value) ?? [];
  if (!first) return 'string';
  if (!word || !group) return `id: ${first}`;
  const capitals = group === group.toUpperCase() && group !== group.toLowerCase();
  return `id: ${first}/${word}/${capitals ? 'CAPITALS' : 'as it is'}`;
}

/** What one has and the other has not, or has as another type. */
export function differences(recorded: unknown, ours: unknown): readonly string[] {
  const theirs = shapeOf(recorded);
  const mine = shapeOf(ours);
  return [
    ...[...theirs].filter(([path]) => !mine.has(path)).map(([path]) => `missing ${path}`),
    ...[...mine].filter(([path]) => !theirs.has(path)).map(([path]) => `extra ${path}`),
    ...[...mine].flatMap(([path, type]) => {
      const their = theirs.get(path);
      return their === undefined || their === type ? [] : [`${path}: ${type}, not ${their}`];
    }),
  ];
}
