import type { PowerState } from '../azure/vm.ts';
import { isOffByOwner } from './is-off-by-owner.ts';

const MINUTE_MS = 60_000;
/** By then a deallocation that Azure took shows; the slowest recorded showed at once. */
const SHOWS_AFTER_MS = 2 * MINUTE_MS;
const LONGEST_PAUSE_MS = 10 * MINUTE_MS;

/** A VM for which a lease is held by a conversion that is no longer alive. */
export interface LeftVm {
  /** Null: it is gone. */
  readonly powerState: PowerState | null;
  /** When its last operation ended well, in ms since 1970; null: it failed, or one is under way. */
  readonly changedAtMs: number | null;
  /** Since when Azure may switch it off by us, in ms since 1970; null: it was never asked to. */
  readonly askedAtMs: number | null;
  readonly starts: StartsSent;
}

/** The starts that were sent to a VM since its conversion died. */
export interface StartsSent {
  readonly count: number;
  readonly lastAtMs: number;
  /** When Azure took the last that it took; null: none. */
  readonly takenAtMs: number | null;
  /** Whether it was seen to run after one: what is then done with it is its owner's affair. */
  readonly hasHelped: boolean;
}

/** What to do with it: `leave` it until the next look, `start` it, or `let-go` of it. */
export type Restoration = 'leave' | 'start' | 'let-go';

/**
 * Decides what to do with a VM whose conversion died. Total.
 *
 * One that runs may still go off by a request of ours on its way, so it is let go only after a
 * while, or after a start of ours: Azure does one after the other. A start that does not help is
 * sent again after growing pauses.
 */
export function decideRestoration(left: LeftVm, nowMs: number): Restoration {
  const { powerState, askedAtMs, starts } = left;
  if (powerState === null || askedAtMs === null || starts.hasHelped) return 'let-go';
  if (powerState === 'running') {
    return starts.count > 0 || nowMs - askedAtMs > SHOWS_AFTER_MS ? 'let-go' : 'leave';
  }
  if (powerState === 'starting') return 'leave';
  if (isOffByOwner(left, starts.takenAtMs)) return 'let-go';
  return nowMs - starts.lastAtMs >= pauseAfter(starts.count) ? 'start' : 'leave';
}

function pauseAfter(count: number): number {
  return count === 0 ? 0 : Math.min(2 ** (count - 1) * (MINUTE_MS / 2), LONGEST_PAUSE_MS);
}
