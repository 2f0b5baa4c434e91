import { createHash } from 'node:crypto';

/** A row key for an ARM ID, in any case, or for any other text. */
export function rowKeyOf(text: string): string {
  return createHash('sha256').update(text.toLowerCase()).digest('hex').slice(0, 32);
}
