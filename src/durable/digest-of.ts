import { createHash } from 'node:crypto';

/** A short digest of plain JSON; the same for the same JSON, member for member. */
export function digestOf(json: unknown): string {
  return createHash('sha256').update(JSON.stringify(json)).digest('hex').slice(0, 32);
}
