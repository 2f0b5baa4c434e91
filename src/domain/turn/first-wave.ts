import type { Cap } from './lease.ts';
import type { Machine } from './stop.ts';
import { stopScopeText } from './stop-scope.ts';

/** How many are off at once of one size in one place, before one of them has started again. */
const FIRST_WAVE = 3;
/** How long a start says that there is room. */
const LATELY_MS = 3_600_000;

/** A VM's size in its zone, or in its region for one that is in none: as a stop names it. */
export function sizeAndPlace({ size, region, zone }: Machine): string {
  const place = { region: region.toLowerCase(), zone, subscriptionId: null };
  return stopScopeText({ kind: 'size', name: size, ...place });
}

/**
 * The cap of a first wave: whether Azure still has room for a size shows only when one of it starts,
 * and by then all others would be off.
 *
 * @param lastStartMs when keyturn last saw one of them start, or null.
 */
export function firstWaveCap(machine: Machine, lastStartMs: number | null, nowMs: number): Cap {
  const isProven = lastStartMs !== null && nowMs - lastStartMs < LATELY_MS;
  const key = sizeAndPlace(machine).toLowerCase();
  return isProven ? { key, limit: null } : { key, limit: FIRST_WAVE, untilOneEnded: true };
}
