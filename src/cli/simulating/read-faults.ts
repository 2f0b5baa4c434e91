import { readFileSync } from 'node:fs';
import { type FaultRequest, parseFaults } from '@keyturn/azure-simulator/fault-request';
import { UsageError } from '../usage-error.ts';

/**
 * The faults that a file lists, or none.
 *
 * @throws UsageError with every mistake of the file.
 */
export function readFaults(file: string | undefined): readonly FaultRequest[] {
  if (file === undefined) return [];
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`The fault file ${file} cannot be read: ${reason}`, { cause: error });
  }
  const parsed = parseFaults(json);
  if (!('errors' in parsed)) return parsed.faults;
  const list = parsed.errors.map((error) => `  - ${error}`).join('\n');
  throw new UsageError(`The fault file ${file} has mistakes:\n${list}`);
}
