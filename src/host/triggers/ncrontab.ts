/** When a timer function runs. Times are ms since the epoch, in UTC. */
export type Schedule =
  | { readonly kind: 'interval'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly fields: readonly ReadonlySet<number>[] };

/** The schedule of a timer trigger cannot be read. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';

  constructor(text: string, problem: string) {
    super(`The schedule '${text}' cannot be read: ${problem}.`);
  }
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const FIELDS: readonly Field[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, words: MONTHS },
  { name: 'day of week', min: 0, max: 6, words: DAYS },
];

/**
 * Reads `{second} {minute} {hour} {day} {month} {day of week}`, the same without seconds, or an
 * interval `hh:mm:ss`.
 *
 * Source: Azure Functions, timer trigger, NCRONTAB expressions. Day and day of week both bind.
 */
export function parseSchedule(text: string): Schedule {
  const trimmed = text.trim();
  const interval = /^(?:(\d+)\.)?(\d{1,2}):(\d{1,2}):(\d{1,2})$/.exec(trimmed);
  if (interval !== null) return parseInterval(text, interval);
  const parts = trimmed.split(/\s+/);
  if (parts.length === 5) parts.unshift('0');
  if (parts.length !== 6) throw new ScheduleError(text, 'it needs five or six fields');
  const fields = FIELDS.map((field, at) => parseField(text, field, parts[at] ?? ''));
  return { kind: 'cron', fields };
}

function parseInterval(text: string, match: RegExpExecArray): Schedule {
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((n) => Number(n ?? 0));
  const everyMs = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  if (everyMs === 0) throw new ScheduleError(text, 'the interval is zero');
  return { kind: 'interval', everyMs };
}

function parseField(text: string, field: Field, part: string): Set<number> {
  const values = new Set<number>();
  for (const item of part.split(',')) {
    const match = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/i.exec(item);
    if (match === null) throw new ScheduleError(text, `'${item}' is no ${field.name}`);
    const [, first = '*', last, step] = match;
    const from = first === '*' ? field.min : parseNumber(text, field, first);
    // `5/10` counts on from 5, as NCRONTAB does.
    const isOpen = first === '*' || (last === undefined && step !== undefined);
    const to = last === undefined ? (isOpen ? field.max : from) : parseNumber(text, field, last);
    const by = step === undefined ? 1 : Number(step);
    if (by === 0 || to < from) throw new ScheduleError(text, `'${item}' is empty`);
    for (let value = from; value <= to; value += by) values.add(value);
  }
  return values;
}

function parseNumber(text: string, field: Field, word: string): number {
  const named = field.words?.indexOf(word.toLowerCase().slice(0, 3)) ?? -1;
  const isWord = !/^\d+$/.test(word);
  const value = isWord ? named + field.min : Number(word);
  // Sunday may be 7.
  const plain = field.max === 6 && value === 7 ? 0 : value;
  if ((isWord && named < 0) || plain < field.min || plain > field.max) {
    throw new ScheduleError(text, `'${word}' is no ${field.name}`);
  }
  return plain;
}

/** The first occurrence after a time; null when there is none within eight years. */
export function nextOccurrence(schedule: Schedule, after: number): number | null {
  if (schedule.kind === 'interval') return after + schedule.everyMs;
  const [seconds, minutes, hours, days, months, weekdays] = schedule.fields;
  if (!(seconds && minutes && hours && days && months && weekdays)) return null;
  const time = new Date(Math.floor(after / 1000) * 1000 + 1000);
  const lastYear = time.getUTCFullYear() + 8;
  while (time.getUTCFullYear() <= lastYear) {
    if (!months.has(time.getUTCMonth() + 1)) {
      time.setUTCMonth(time.getUTCMonth() + 1, 1);
      time.setUTCHours(0, 0, 0);
    } else if (!(days.has(time.getUTCDate()) && weekdays.has(time.getUTCDay()))) {
      time.setUTCDate(time.getUTCDate() + 1);
      time.setUTCHours(0, 0, 0);
    } else if (!hours.has(time.getUTCHours())) time.setUTCHours(time.getUTCHours() + 1, 0, 0);
    else if (!minutes.has(time.getUTCMinutes())) time.setUTCMinutes(time.getUTCMinutes() + 1, 0);
    else if (!seconds.has(time.getUTCSeconds())) time.setUTCSeconds(time.getUTCSeconds() + 1);
    else return time.getTime();
  }
  return null;
}
