import { readFileSync } from 'node:fs';
import { FunctionsAppError } from './functions-app-error.ts';

/** An object of JSON, of which nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads a file of JSON; null when there is none.
 *
 * @throws FunctionsAppError when it is something else.
 */
export function readJsonFile(file: string): JsonObject | null {
  try {
    return objectOr(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FunctionsAppError(`${file} cannot be read: ${reason}`, { cause: error });
  }
}

/** What lies at a path of objects; undefined where one of them is missing. */
export function valueAt(json: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (value as JsonObject)[name] : undefined,
    json,
  );
}

function objectOr(json: unknown): JsonObject {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as JsonObject;
  throw new TypeError('it is no object.');
}
