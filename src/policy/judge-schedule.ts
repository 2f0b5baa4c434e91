import { Cron } from 'croner';

/** Day and day of week both bind, and `5/20` counts on from 5 to the end: as NCRONTAB has it. */
const NCRONTAB = { mode: '5-or-6-parts', domAndDow: true, sloppyRanges: true } as const;
/** croner wants the first three letters. */
const NAMES =
  /\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)[a-z]+/gi;
/** Less than croner knows: no `L`, `W`, `#`, `?` and no `@daily`. */
const ITEM = /^(\*|\d+|[a-z]{3})(-(\d+|[a-z]{3}))?(\/\d+)?$/i;

/** When a timer function runs, as the host is told it. */
export interface TimerSchedule {
  /** NCRONTAB expression of six fields. */
  readonly expression: string;
  /** The next times after an instant, in ms since 1970; none where the host's clocks are not known. */
  readonly next: (afterMs: number, count: number) => readonly number[];
}

type ScheduleJudgement =
  | { readonly kind: 'fires'; readonly schedule: TimerSchedule }
  | { readonly kind: 'never-fires' | 'unreadable' };

/**
 * Judges a text as an NCRONTAB expression of six fields, or of five, that begins with the minute;
 * and whether its time ever comes.
 *
 * Five become six: there are reports of timers of five that the deployed host never fired.
 * Source: "Timer trigger for Azure Functions", NCRONTAB expressions.
 *
 * @param timeZone by whose clocks the host goes.
 */
export function judgeSchedule(text: string, timeZone = 'UTC'): ScheduleJudgement {
  const fields = text.trim().split(/\s+/);
  const expression = (fields.length === 5 ? ['0', ...fields] : fields).join(' ');
  const short = expression.replace(NAMES, '$1');
  if (!short.split(/[ ,]/).every((item) => ITEM.test(item))) return { kind: 'unreadable' };
  try {
    const first = new Cron(short, { ...NCRONTAB, timezone: 'UTC' }).nextRun(new Date(0));
    if (first === null) return { kind: 'never-fires' };
  } catch {
    return { kind: 'unreadable' };
  }
  const next: TimerSchedule['next'] = (afterMs, count) => nextRuns(short, timeZone, afterMs, count);
  return { kind: 'fires', schedule: { expression, next } };
}

function nextRuns(
  expression: string,
  timezone: string,
  afterMs: number,
  count: number,
): readonly number[] {
  try {
    const cron = new Cron(expression, { ...NCRONTAB, timezone });
    return cron.nextRuns(count, new Date(afterMs)).map((at) => at.getTime());
  } catch {
    // Hosts on Windows know zones by names that nobody else does.
    return [];
  }
}
