import type { Picture } from '../azure-log.ts';
import type { StoryPolicy, StoryWindow } from '../story.ts';

/**
 * What the operator's words mean, read anew from the documents: none of it is shared with the
 * product, or both could be wrong in the same way.
 */

export type Tags = Readonly<Record<string, string>>;

const PLATFORM_KEY = 'EncryptionAtRestWithPlatformKey';
const TIME = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

export function tagOf(tags: Tags, name: string): string | undefined {
  return Object.entries(tags).find(([each]) => sameId(each, name))?.[1];
}

export function isOnPlatformKey({ encryptionType }: Picture['disks'][number]): boolean {
  return encryptionType === PLATFORM_KEY;
}

/** Whether tags leave a resource alone at an instant. */
export function isTaggedOut(tags: Tags, atMs: number): boolean {
  const why = tagOf(tags, 'keyturn:exclude');
  const until = tagOf(tags, 'keyturn:exclude-until');
  if (why?.toLowerCase() === 'false' || (why === undefined && until === undefined)) return false;
  if (until === undefined || !TIME.test(until)) return true;
  return atMs < Date.parse(until);
}

/** Whether an entry of the policy leaves a resource alone at an instant. */
export function isListedOut(id: string, { exclusions }: StoryPolicy, atMs: number): boolean {
  return exclusions.some(({ scope, until }) => sameId(scope, id) && atMs < Date.parse(until));
}

export function isInScope(id: string, { scope }: StoryPolicy): boolean {
  const [, , subscription = ''] = id.split('/');
  return scope.some((entry) => sameId(entry.subscription, subscription));
}

/** Whether the clock on the wall shows a time in the window. */
export function isOpen({ days, from, to, timeZone }: StoryWindow, atMs: number): boolean {
  const now = onTheWall(timeZone, atMs);
  const yesterday = onTheWall(timeZone, atMs - 86_400_000).day;
  const begins = (day: string) => days.some((each) => sameId(each, day));
  const [first, last] = [minutesOf(from), minutesOf(to)];
  if (first < last) return begins(now.day) && now.minute >= first && now.minute < last;
  if (begins(now.day) && now.minute >= first) return true;
  return begins(yesterday) && now.minute < last;
}

const CLOCKS = new Map<string, Intl.DateTimeFormat>();

function onTheWall(timeZone: string, atMs: number): { day: string; minute: number } {
  const clock =
    CLOCKS.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  CLOCKS.set(timeZone, clock);
  const parts = Object.fromEntries(
    clock.formatToParts(atMs).map(({ type, value }) => [type, value]),
  );
  const minute = Number(parts['hour']) * 60 + Number(parts['minute']);
  return { day: parts['weekday'] ?? '', minute };
}

function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** The windows in which a VM may be switched off; null: at any time. */
export function windowsOf(tags: Tags, policy: StoryPolicy): readonly StoryWindow[] | null {
  const own = tagOf(tags, 'keyturn:window');
  if (own !== undefined) return windowIn(own);
  return policy.when === 'in-window' || policy.windows ? (policy.windows ?? []) : null;
}

function windowIn(tag: string): readonly StoryWindow[] {
  const [, days, from, to, timeZone] = /^(\S+) ([\d:]+)-([\d:]+) (\S+)$/.exec(tag) ?? [];
  if (!days || !from || !to || !timeZone) return [];
  return [{ days: days.split(','), from, to, timeZone }];
}
