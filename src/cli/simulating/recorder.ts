import { openRecorder, type Recorder } from '@keyturn/azure-simulator/recorder';
import { orUsage } from './or-usage.ts';

/**
 * Opens a recording.
 *
 * @param file path, or undefined: nothing is recorded.
 * @throws UsageError when it cannot be written.
 */
export function recorder(file: string | undefined): Recorder | null {
  return file === undefined ? null : orUsage(`--record ${file}`, () => openRecorder(file));
}
