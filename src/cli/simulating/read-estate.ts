import { readFileSync } from 'node:fs';
import type { EstateDescription } from '@keyturn/azure-simulator/estate-description';
import { exampleEstate, parseEstate } from '@keyturn/azure-simulator/example-estate';
import { UsageError } from '../usage-error.ts';

/**
 * The estate that a file describes, or the example.
 *
 * @throws UsageError with every mistake of the file.
 */
export function readEstate(file: string | undefined): EstateDescription {
  if (file === undefined) return exampleEstate();
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`The estate file ${file} cannot be read: ${reason}`, { cause: error });
  }
  const parsed = parseEstate(json);
  if (!('errors' in parsed)) return parsed;
  const list = parsed.errors.map((error) => `  - ${error}`).join('\n');
  throw new UsageError(`The estate file ${file} has mistakes:\n${list}`);
}
