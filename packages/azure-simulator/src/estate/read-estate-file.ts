import { parseEstate } from '../example-estate.ts';
import { readInputFile } from '../input-file.ts';
import type { EstateDescription } from './estate-description.ts';

/**
 * The estate that a file describes.
 *
 * @throws InputFileError with every mistake of the file.
 */
export function readEstateFile(file: string): EstateDescription {
  return readInputFile('The estate file', file, parseEstate);
}
