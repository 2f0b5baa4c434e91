import type { EstateDescription } from '@keyturn/azure-simulator/estate-description';
import { exampleEstate } from '@keyturn/azure-simulator/example-estate';
import { readEstateFile } from '@keyturn/azure-simulator/read-estate-file';
import { orUsage } from './or-usage.ts';

/**
 * The estate that a file describes, or the example.
 *
 * @throws UsageError with every mistake of the file.
 */
export function readEstate(file: string | undefined): EstateDescription {
  return file === undefined ? exampleEstate() : orUsage(file, () => readEstateFile(file));
}
