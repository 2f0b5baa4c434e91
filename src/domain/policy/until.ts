/** That something ends. */
export interface Until {
  /** Milliseconds since 1970. */
  readonly untilMs: number;
}

const DAY_MS = 86_400_000;
const DATE = /^(\d{4}-\d{2}-\d{2})$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * Reads until when something holds; null when the text is no date, or a time without its zone.
 *
 * A date counts to its end, in UTC.
 */
export function parseUntil(text: string): number | null {
  const written = text.trim();
  const [, date] = DATE.exec(written) ?? [];
  const [, dayOfTime] = DATE_TIME.exec(written) ?? [];
  const day = date ?? dayOfTime;
  if (day === undefined || !isDay(day)) return null;
  // biome-ignore lint/style/noRestrictedGlobals: reads a text, not the clock
  const atMs = Date.parse(written);
  if (Number.isNaN(atMs)) return null;
  return date === undefined ? atMs : atMs + DAY_MS;
}

/** For people: a date where it ends with a day of UTC, else a time. */
export function formatUntil(untilMs: number): string {
  const isDay = untilMs % DAY_MS === 0;
  // biome-ignore lint/style/noRestrictedGlobals: writes a time, does not ask for it
  const text = new Date(isDay ? untilMs - 1 : untilMs).toISOString();
  return isDay ? text.slice(0, 10) : text;
}

/** The engine takes 30 February for 2 March. */
function isDay(day: string): boolean {
  // biome-ignore lint/style/noRestrictedGlobals: reads a text, not the clock
  const at = new Date(day);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}
