import type { Entry } from '../azure-log.ts';
import { spansBefore } from './standing.ts';

const VERDICT_MS = 75_000;
/** How long one conversion may go on with one approval. */
const APPROVAL_MS = 3 * 3_600_000;

/** When an approval was given, and when first used. */
export interface GivenApproval {
  readonly atMs: number;
  usedMs: number | null;
}

/** Whether nobody had to approve, or somebody had; uses the approval. */
export function isApproved(
  given: readonly GivenApproval[],
  earlier: readonly Entry[],
  sentMs: number,
): boolean {
  const isNeeded = spansBefore(earlier, sentMs, VERDICT_MS).every(
    ({ picture: { policy } }) => policy !== 'broken' && policy.when === 'on-approval',
  );
  if (!isNeeded) return true;
  const usable = given.find(
    ({ atMs, usedMs }) => atMs <= sentMs && (usedMs === null || sentMs - usedMs < APPROVAL_MS),
  );
  if (!usable) return false;
  usable.usedMs ??= sentMs;
  return true;
}
