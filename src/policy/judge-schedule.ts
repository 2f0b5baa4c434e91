import { Cron } from 'croner';

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
 * Whether a text is an NCRONTAB expression of six fields, or of five, that begins with the minute;
 * and whether its time ever comes.
 *
 * Source: "Timer trigger for Azure Functions", NCRONTAB expressions.
 */
export function judgeSchedule(text: string): 'fires' | 'never-fires' | 'unreadable' {
  const short = text.trim().replace(NAMES, '$1');
  if (!short.split(/[\s,]+/).every((item) => ITEM.test(item))) return 'unreadable';
  try {
    return new Cron(short, NCRONTAB).nextRun(new Date(0)) === null ? 'never-fires' : 'fires';
  } catch {
    return 'unreadable';
  }
}
