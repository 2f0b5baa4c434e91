import type { Turn } from '../turn/decide-turn.ts';
import type { ExpectedDowntime } from '../turn/expected-downtime.ts';
import type { Cap } from '../turn/lease.ts';

/** A conversion that is planned. */
export interface PlannedConversion {
  /** ARM ID of the VM or disk. */
  readonly id: string;
  /** Whether its VM is switched off for it. */
  readonly deallocate: boolean;
  readonly turn:
    | Turn
    | { readonly kind: 'stopped'; readonly reason: string }
    | { readonly kind: 'store-away' };
  readonly caps: readonly Cap[];
  readonly expected: ExpectedDowntime;
}

/** When one conversion is likely to be done. */
export interface Forecast {
  readonly id: string;
  /** From 1, in the order of their beginnings. */
  readonly order: number;
  /** How long the VM is off; null where none is switched off. */
  readonly downtime: ExpectedDowntime | null;
  /** Milliseconds since 1970; null where nobody knows, as a person or an owner has a say. */
  readonly beginsAtMs: number | null;
  /** Why it does not begin by itself: a kind of `Turn`, or null. */
  readonly waitsFor: string | null;
  /** What is stopped, by whom and why; absent where nothing is. */
  readonly detail?: string;
}

export interface Forecasts {
  readonly conversions: readonly Forecast[];
  /** When the last that begins by itself has ended, if all goes fast and if slowly; null for none. */
  readonly finish: { readonly earliestMs: number; readonly latestMs: number } | null;
}

/**
 * Foretells in which order conversions begin, and when they have ended.
 *
 * As many at once as the caps allow, each as soon as its turn has come. It does not know of VMs
 * that are off for others, nor of what fails.
 */
export function forecast(planned: readonly PlannedConversion[], nowMs: number): Forecasts {
  const slow = schedule(planned, nowMs, ({ highMs }) => highMs);
  const fast = schedule(planned, nowMs, ({ lowMs }) => lowMs);
  const begins = new Map(slow.map(({ id, beginsAtMs }) => [id, beginsAtMs]));
  const sorted = planned.toSorted(
    (a, b) => (begins.get(a.id) ?? Infinity) - (begins.get(b.id) ?? Infinity) || 0,
  );
  return {
    conversions: sorted.map(({ id, deallocate, turn, expected }, place) => ({
      id,
      order: place + 1,
      downtime: deallocate ? expected : null,
      beginsAtMs: begins.get(id) ?? null,
      waitsFor: begins.has(id) ? null : turn.kind,
      ...(turn.kind === 'stopped' ? { detail: turn.reason } : {}),
    })),
    finish: slow.length === 0 ? null : { earliestMs: endOf(fast), latestMs: endOf(slow) },
  };
}

interface Slot {
  readonly id: string;
  readonly caps: readonly Cap[];
  readonly beginsAtMs: number;
  readonly endsAtMs: number;
}

/** Each in turn takes the first moment at which all its caps have a place. */
function schedule(
  planned: readonly PlannedConversion[],
  nowMs: number,
  lengthOf: (expected: ExpectedDowntime) => number,
): readonly Slot[] {
  const slots: Slot[] = [];
  for (const { id, deallocate, turn, caps, expected } of planned) {
    const earliestMs = turn.kind === 'later' ? turn.atMs : nowMs;
    if (turn.kind !== 'now' && turn.kind !== 'later') continue;
    const holds = deallocate ? caps : [];
    const beginsAtMs = firstPlace(slots, holds, earliestMs);
    const endsAtMs = beginsAtMs + (deallocate ? lengthOf(expected) : 0);
    slots.push({ id, caps: holds, beginsAtMs, endsAtMs });
  }
  return slots;
}

/** Places come free only when a conversion ends. */
function firstPlace(slots: readonly Slot[], caps: readonly Cap[], earliestMs: number): number {
  const moments = [earliestMs, ...slots.map(({ endsAtMs }) => endsAtMs)]
    .filter((atMs) => atMs >= earliestMs)
    .toSorted((a, b) => a - b);
  return moments.find((atMs) => hasPlace(slots, caps, atMs)) ?? earliestMs;
}

function hasPlace(slots: readonly Slot[], caps: readonly Cap[], atMs: number): boolean {
  return caps.every(({ key, limit, untilOneEnded }) => {
    // Also those that begin later: the places that they have taken already.
    const held = slots.filter(
      (slot) => slot.endsAtMs > atMs && slot.caps.some((cap) => cap.key === key),
    );
    return (
      limit === null ||
      held.length < limit ||
      (untilOneEnded === true && hasEnded(slots, key, atMs))
    );
  });
}

function hasEnded(slots: readonly Slot[], key: string, atMs: number): boolean {
  return slots.some((slot) => slot.endsAtMs <= atMs && slot.caps.some((cap) => cap.key === key));
}

function endOf(slots: readonly Slot[]): number {
  return Math.max(...slots.map(({ endsAtMs }) => endsAtMs));
}
