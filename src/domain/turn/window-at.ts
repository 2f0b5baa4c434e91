import { DAYS, type MaintenanceWindow } from '../policy/maintenance-window.ts';
import { offsetAt, wallClock } from '../policy/time-zone.ts';

/** Whether one of the windows is open. */
export type WindowState =
  | { readonly kind: 'open'; readonly openUntilMs: number }
  /** Null: not within the next fortnight. */
  | { readonly kind: 'closed'; readonly opensAtMs: number | null };

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A weekly window whose hour one change of clocks skips opens in the week after. */
const DAYS_AHEAD = 16;

/**
 * Whether one of the windows is open at an instant, and when that changes.
 *
 * A window is open whenever the clocks of its time zone show a time in it: an hour that they skip is
 * in no window, one that they show twice is in it twice. One always open is until a fortnight ahead.
 */
export function windowAt(windows: readonly MaintenanceWindow[], nowMs: number): WindowState {
  const isOpen = (atMs: number) => windows.some((window) => isOpenAt(window, atMs));
  const open = isOpen(nowMs);
  const changes = windows.flatMap((window) => instantsOf(window, nowMs)).toSorted((a, b) => a - b);
  const changesAt = changes.find((atMs) => atMs > nowMs && isOpen(atMs) !== open);
  return open
    ? { kind: 'open', openUntilMs: changesAt ?? nowMs + DAYS_AHEAD * DAY_MS }
    : { kind: 'closed', opensAtMs: changesAt ?? null };
}

function isOpenAt({ days, fromMinute, toMinute, timeZone }: MaintenanceWindow, atMs: number) {
  const wallMs = wallClock(timeZone, atMs);
  const day = Math.floor(wallMs / DAY_MS);
  const minute = (wallMs - day * DAY_MS) / MINUTE_MS;
  const begins = (on: number) => days.includes(dayOfWeek(on));
  if (fromMinute < toMinute) return begins(day) && minute >= fromMinute && minute < toMinute;
  return (begins(day) && minute >= fromMinute) || (begins(day - 1) && minute < toMinute);
}

/** The first of January 1970 was a Thursday. */
function dayOfWeek(day: number): (typeof DAYS)[number] {
  return DAYS[(((day + 4) % 7) + 7) % 7] ?? 'sun';
}

/** All instants of the days ahead at which a window may open or close, and some more. */
function instantsOf({ fromMinute, toMinute, timeZone }: MaintenanceWindow, nowMs: number) {
  // Clocks that are set back at midnight show yesterday again.
  const yesterday = Math.floor(wallClock(timeZone, nowMs) / DAY_MS) - 1;
  return Array.from({ length: DAYS_AHEAD + 2 }, (_, ahead) => yesterday + ahead).flatMap((day) => {
    const [before, after] = [(day - 1) * DAY_MS, (day + 2) * DAY_MS];
    const offsets = [offsetAt(timeZone, before), offsetAt(timeZone, after)];
    const shown = [fromMinute, toMinute].flatMap((minute) =>
      offsets.map((offsetMs) => day * DAY_MS + minute * MINUTE_MS - offsetMs),
    );
    return offsets[0] === offsets[1] ? shown : [...shown, clockChange(timeZone, before, after)];
  });
}

/** When clocks are changed between two instants, to the second. */
function clockChange(timeZone: string, fromMs: number, toMs: number): number {
  let [beforeMs, afterMs] = [fromMs, toMs];
  const before = offsetAt(timeZone, beforeMs);
  while (afterMs - beforeMs > 1000) {
    const middleMs = beforeMs + Math.floor((afterMs - beforeMs) / 2000) * 1000;
    if (offsetAt(timeZone, middleMs) === before) beforeMs = middleMs;
    else afterMs = middleMs;
  }
  return afterMs;
}
