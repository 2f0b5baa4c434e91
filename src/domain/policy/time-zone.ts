const formats = new Map<string, Intl.DateTimeFormat>();

/** IANA's own names of three letters. Others are the engine's: to it BST is Dhaka, and AST Alaska. */
const SHORT = 'CET EET EST GMT HST MET MST PRC ROC ROK UCT UTC WET'.split(' ');

/** What people mean by a name that stands for one offset all year, as IANA has it. */
const MEANT: Readonly<Record<string, string>> = {
  EST: 'America/New_York',
  MST: 'America/Denver',
};

/** Which time zone was most likely meant by a name that knows no summer time; null: this one. */
export function zoneMeantBy(name: string): string | null {
  return MEANT[name.toUpperCase()] ?? null;
}

/** Whether the engine knows an IANA time zone of this name. */
export function isTimeZone(name: string): boolean {
  // Some engines take offsets as well, which no change of clocks would move.
  if (!/^[A-Za-z]/.test(name)) return false;
  if (/^[A-Za-z]{3}$/.test(name) && !SHORT.includes(name.toUpperCase())) return false;
  try {
    offsetsOf(name);
    return true;
  } catch {
    return false;
  }
}

/** What the clocks of a time zone show at an instant, as milliseconds since its own 1970. */
export function wallClock(timeZone: string, atMs: number): number {
  return atMs + offsetAt(timeZone, atMs);
}

/** How far the clocks of a time zone are ahead of UTC at an instant, in milliseconds. */
export function offsetAt(timeZone: string, atMs: number): number {
  const name = offsetsOf(timeZone)
    .formatToParts(atMs)
    .find(({ type }) => type === 'timeZoneName')?.value;
  const [, sign, hours, minutes, seconds] =
    /^GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(name ?? '') ?? [];
  const ahead = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return (sign === '-' ? -ahead : ahead) * 1000;
}

/** Building a format takes a hundred times as long as using it. */
function offsetsOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, format);
  return format;
}
