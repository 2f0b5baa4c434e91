import { readFileSync } from 'node:fs';

/** A file that describes something cannot be read, or has mistakes; its message names all of them. */
export class InputFileError extends Error {
  override readonly name = 'InputFileError';
}

/**
 * Reads a file of JSON.
 *
 * @param what it is, as in "The estate file".
 * @param parse tells what it describes, or all that is wrong.
 * @throws InputFileError
 */
export function readInputFile<T extends object>(
  what: string,
  file: string,
  parse: (json: unknown) => T | { readonly errors: readonly string[] },
): T {
  const parsed = parse(jsonIn(what, file));
  if (!('errors' in parsed)) return parsed;
  const list = parsed.errors.map((error) => `  - ${error}`).join('\n');
  throw new InputFileError(`${what} ${file} has mistakes:\n${list}`);
}

function jsonIn(what: string, file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputFileError(`${what} ${file} cannot be read: ${reason}`, { cause: error });
  }
}
