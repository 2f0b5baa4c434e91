import { readInputFile } from '../input-file.ts';
import { type FaultRequest, parseFaults } from './fault-request.ts';

/**
 * The faults that a file lists.
 *
 * @throws InputFileError with every mistake of the file.
 */
export function readFaultFile(file: string): readonly FaultRequest[] {
  return readInputFile('The fault file', file, parseFaults).faults;
}
