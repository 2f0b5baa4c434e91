import { Cron } from 'croner';
import { messageOf } from '../host-log.ts';

/** When a timer function runs. Times are ms since the epoch, in UTC. */
export type Schedule =
  | { readonly kind: 'interval'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly cron: Cron };

/** The schedule of a timer trigger cannot be read. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}

/** Day and day of week both bind, and `5/20` counts on from 5 to the end: as NCRONTAB has it. */
const NCRONTAB = {
  mode: '5-or-6-parts',
  domAndDow: true,
  sloppyRanges: true,
  timezone: 'UTC',
} as const;
/** croner wants the first three letters. */
const NAMES =
  /\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)[a-z]+/gi;
/** Less than croner knows: no `L`, `W`, `#`, `?` and no `@daily`. */
const ITEM = /^(\*|\d+|[a-z]{3})(-(\d+|[a-z]{3}))?(\/\d+)?$/i;

/**
 * Reads `{second} {minute} {hour} {day} {month} {day of week}`, the same without seconds, or an
 * interval `hh:mm:ss`.
 *
 * Source: Azure Functions, timer trigger, NCRONTAB expressions.
 */
export function parseSchedule(text: string): Schedule {
  const trimmed = text.trim();
  const interval = /^(?:(\d+)\.)?(\d{1,2}):(\d{1,2}):(\d{1,2})$/.exec(trimmed);
  if (interval !== null) return parseInterval(text, interval);
  const short = trimmed.replace(NAMES, '$1');
  const wrong = short.split(/[\s,]/).find((item) => item !== '' && !ITEM.test(item));
  if (wrong !== undefined)
    throw new ScheduleError(unreadable(text, `'${wrong}' is no part of one`));
  try {
    return { kind: 'cron', cron: new Cron(short, NCRONTAB) };
  } catch (error) {
    const problem = messageOf(error).replace(/^CronPattern: |\.$/g, '');
    throw new ScheduleError(unreadable(text, problem), { cause: error });
  }
}

function unreadable(text: string, problem: string): string {
  return `The schedule '${text}' cannot be read: ${problem}.`;
}

function parseInterval(text: string, match: RegExpExecArray): Schedule {
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((n) => Number(n ?? 0));
  const everyMs = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  if (everyMs === 0) throw new ScheduleError(unreadable(text, 'the interval is zero'));
  return { kind: 'interval', everyMs };
}

/** The first occurrence after a time; null when there never is one. */
export function nextOccurrence(schedule: Schedule, after: number): number | null {
  if (schedule.kind === 'interval') return after + schedule.everyMs;
  return schedule.cron.nextRun(new Date(after))?.getTime() ?? null;
}
