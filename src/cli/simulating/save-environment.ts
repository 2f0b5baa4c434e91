import { writeEnvironment } from '@keyturn/azure-simulator/write-environment';
import { orUsage } from './or-usage.ts';

/** @throws UsageError when the file cannot be written. */
export function saveEnvironment(file: string, env: Readonly<Record<string, string>>): void {
  orUsage(`The environment file ${file}`, () => writeEnvironment(file, env));
}
