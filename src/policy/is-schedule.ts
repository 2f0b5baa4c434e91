/** The ranges of an NCRONTAB expression's fields: second, minute, hour, day, month, day of week. */
const RANGES = [
  [0, 59],
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;
const MONTHS = /\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b/gi;
const DAYS = /\b(sun|mon|tue|wed|thu|fri|sat)[a-z]*\b/gi;

/**
 * Whether a text is an NCRONTAB expression of six fields, or of five, that begins with the minute.
 *
 * Source: "Timer trigger for Azure Functions", NCRONTAB expressions.
 */
export function isSchedule(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5 && fields.length !== 6) return false;
  const ranges = RANGES.slice(RANGES.length - fields.length);
  return fields.every((field, place) => {
    const [least, most] = ranges[place] ?? [0, 0];
    const numeric = field.replace(MONTHS, '1').replace(DAYS, '1');
    return numeric.split(',').every((part) => isPart(part, least, most));
  });
}

function isPart(part: string, least: number, most: number): boolean {
  const found = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
  if (found === null) return false;
  const [, from, to, step] = found;
  if (step !== undefined && Number(step) === 0) return false;
  const inRange = (text: string | undefined): boolean =>
    text === undefined || (Number(text) >= least && Number(text) <= most);
  return inRange(from) && inRange(to) && (to === undefined || Number(from) <= Number(to));
}
