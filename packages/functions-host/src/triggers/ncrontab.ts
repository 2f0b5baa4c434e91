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
  return new Set(part.split(',').flatMap((item) => parseItem(text, field, item)));
}

function parseItem(text: string, field: Field, item: string): number[] {
  const match = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/i.exec(item);
  if (match === null) throw new ScheduleError(text, `'${item}' is no ${field.name}`);
  const [, first = '*', last, step] = match;
  const from = first === '*' ? field.min : parseNumber(text, field, first);
  const to = last === undefined ? endOf(field, first, step) : parseNumber(text, field, last);
  const by = Number(step ?? 1);
  const count = by === 0 ? 0 : Math.floor(((to ?? from) - from) / by) + 1;
  if (count <= 0) throw new ScheduleError(text, `'${item}' is empty`);
  return Array.from({ length: count }, (_, at) => from + at * by);
}

/** `5/10` counts on from 5 to the end, as NCRONTAB does; null for a single value. */
function endOf(field: Field, first: string, step: string | undefined): number | null {
  return first === '*' || step !== undefined ? field.max : null;
}

function parseNumber(text: string, field: Field, word: string): number {
  const value = /^\d+$/.test(word) ? Number(word) : wordValue(field, word);
  // Sunday may be 7.
  const plain = field.max === 6 && value === 7 ? 0 : value;
  if (plain < field.min || plain > field.max) {
    throw new ScheduleError(text, `'${word}' is no ${field.name}`);
  }
  return plain;
}

function wordValue(field: Field, word: string): number {
  const at = field.words?.indexOf(word.toLowerCase().slice(0, 3)) ?? -1;
  return at < 0 ? Number.NEGATIVE_INFINITY : at + field.min;
}

/** The first occurrence after a time; null when there is none within eight years. */
export function nextOccurrence(schedule: Schedule, after: number): number | null {
  if (schedule.kind === 'interval') return after + schedule.everyMs;
  const time = new Date(Math.floor(after / 1000) * 1000 + 1000);
  const lastYear = time.getUTCFullYear() + 8;
  while (time.getUTCFullYear() <= lastYear) {
    if (!skip(schedule.fields, time)) return time.getTime();
  }
  return null;
}

/** Moves on to the start of the next month, day, hour … when this one does not fit. */
function skip(fields: readonly ReadonlySet<number>[], time: Date): boolean {
  const fits = (at: number, value: number) => fields[at]?.has(value) === true;
  if (!fits(4, time.getUTCMonth() + 1)) {
    time.setUTCMonth(time.getUTCMonth() + 1, 1);
    time.setUTCHours(0, 0, 0);
  } else if (!(fits(3, time.getUTCDate()) && fits(5, time.getUTCDay()))) {
    time.setUTCDate(time.getUTCDate() + 1);
    time.setUTCHours(0, 0, 0);
  } else if (!fits(2, time.getUTCHours())) time.setUTCHours(time.getUTCHours() + 1, 0, 0);
  else if (!fits(1, time.getUTCMinutes())) time.setUTCMinutes(time.getUTCMinutes() + 1, 0);
  else if (!fits(0, time.getUTCSeconds())) time.setUTCSeconds(time.getUTCSeconds() + 1);
  else return false;
  return true;
}
