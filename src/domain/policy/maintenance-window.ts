import { isTimeZone } from './time-zone.ts';

export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

type Day = (typeof DAYS)[number];

/** When VMs may be switched off, week by week, by the clock on the wall. */
export interface MaintenanceWindow {
  /** On which it begins. */
  readonly days: readonly Day[];
  /** Minutes after midnight; below 1440. */
  readonly fromMinute: number;
  /** Minutes after midnight, not included; at most 1440. Not after `fromMinute`: on the next day. */
  readonly toMinute: number;
  /** IANA name, e.g. `Europe/Amsterdam`. */
  readonly timeZone: string;
}

/** The VM tag with the window of its own, e.g. `Sat,Sun 22:00-04:00 Europe/Amsterdam`. */
export const WINDOW_TAG = 'keyturn:window';

/** Reads a window as the tag of a VM says it; null when it says none. */
export function parseWindow(text: string): MaintenanceWindow | null {
  const [, dayNames, from, to, timeZone] =
    /^\s*(\S+)\s+([\d:]+)-([\d:]+)\s+(\S+)\s*$/.exec(text) ?? [];
  if (!dayNames || !from || !to || !timeZone) return null;
  const days = dayNames.split(',').map((name) => DAYS.find((day) => day === name.toLowerCase()));
  const known = days.filter((day) => day !== undefined);
  const fromMinute = parseTimeOfDay(from);
  const toMinute = parseTimeOfDay(to);
  if (known.length !== days.length || fromMinute === null || toMinute === null) return null;
  if (fromMinute === toMinute || fromMinute === 1440 || !isTimeZone(timeZone)) return null;
  return { days: known, fromMinute, toMinute, timeZone };
}

/** Minutes after midnight of `HH:MM`, up to 24:00; null when the text is no time of day. */
export function parseTimeOfDay(text: string): number | null {
  const [, hours, minutes] = /^(\d{2}):([0-5]\d)$/.exec(text) ?? [];
  const minute = Number(hours) * 60 + Number(minutes);
  return minute <= 1440 ? minute : null;
}
