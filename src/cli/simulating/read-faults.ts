import type { FaultRequest } from '@keyturn/azure-simulator/fault-request';
import { readFaultFile } from '@keyturn/azure-simulator/read-fault-file';
import { orUsage } from './or-usage.ts';

/**
 * The faults that a file lists, or none.
 *
 * @throws UsageError with every mistake of the file.
 */
export function readFaults(file: string | undefined): readonly FaultRequest[] {
  return file === undefined ? [] : orUsage(file, () => readFaultFile(file));
}
