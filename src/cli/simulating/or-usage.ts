import { InputFileError } from '@keyturn/azure-simulator/input-file';
import { systemReason } from '../system-error.ts';
import { UsageError } from '../usage-error.ts';

/**
 * Does something with a file that a person has named.
 *
 * @throws UsageError with the mistakes of the file, or why it cannot be written.
 */
export function orUsage<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof InputFileError) throw new UsageError(error.message, { cause: error });
    const reason = systemReason(error);
    if (reason === null) throw error;
    throw new UsageError(`${file} cannot be written: ${reason}.`, { cause: error });
  }
}
