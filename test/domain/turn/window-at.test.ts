import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DAYS,
  type MaintenanceWindow,
  parseWindow,
} from '../../../src/domain/policy/maintenance-window.ts';
import { windowAt } from '../../../src/domain/turn/window-at.ts';

const DAY_MS = 86_400_000;

/** Windows as the tag of a VM says them. */
function windows(...texts: readonly string[]): readonly MaintenanceWindow[] {
  return texts.map((text) => {
    const window = parseWindow(text);
    if (window === null) throw new Error(`${text} is no window`);
    return window;
  });
}

/** `open until` or `closed until`, and an instant. */
function stateAt(texts: readonly string[], now: string): string {
  const state = windowAt(windows(...texts), Date.parse(now));
  const atMs = state.kind === 'open' ? state.openUntilMs : state.opensAtMs;
  return `${state.kind} ${atMs === null ? 'for good' : new Date(atMs).toISOString().slice(0, 16)}`;
}

const NIGHTS = ['Mon,Tue 22:00-04:00 Europe/Amsterdam'];
const ALL_WEEK = 'Sun,Mon,Tue,Wed,Thu,Fri,Sat';

describe('a window', () => {
  // 5 January 2026 is a Monday; Amsterdam is an hour ahead of UTC.
  test.for<[state: string, now: string, texts?: readonly string[]]>([
    ['closed 2026-01-05T21:00', '2026-01-05T20:59:59.999Z'],
    ['open 2026-01-06T03:00', '2026-01-05T21:00:00Z'],
    ['open 2026-01-06T03:00', '2026-01-06T02:59:59.999Z'],
    ['closed 2026-01-06T21:00', '2026-01-06T03:00:00Z'],
    ['open 2026-01-07T03:00', '2026-01-07T00:00:00Z'],
    ['closed 2026-01-12T21:00', '2026-01-07T03:00:00Z'],
    ['closed 2026-01-12T21:00', '2026-01-07T21:00:00Z'],
    ['open 2026-01-04T05:00', '2026-01-03T23:00:00Z', ['Sat 22:00-05:00 UTC']],
    ['open 2026-01-05T00:00', '2026-01-04T12:00:00Z', ['Sun 00:00-24:00 UTC']],
    ['open 2026-01-06T00:00', '2026-01-04T12:00:00Z', ['Sun,Mon 00:00-24:00 UTC']],
    ['open 2026-01-20T12:00', '2026-01-04T12:00:00Z', [`${ALL_WEEK} 00:00-24:00 UTC`]],
    [
      'open 2026-01-05T23:00',
      '2026-01-05T20:30:00Z',
      ['Mon 20:00-22:00 UTC', 'Mon 21:00-23:00 UTC'],
    ],
    [
      'closed 2026-01-05T18:00',
      '2026-01-05T12:00:00Z',
      ['Mon 20:00-22:00 UTC', 'Mon 18:00-19:00 UTC'],
    ],
    ['closed for good', '2026-01-05T12:00:00Z', []],
  ])('%s at %s', ([state, now, texts = NIGHTS]) => {
    expect(stateAt(texts, now)).toBe(state);
  });

  test.for<[what: string, state: string, now: string, text: string]>([
    [
      'an hour that is skipped is in no window',
      'closed 2026-04-05T00:15',
      '2026-03-29T00:00:00Z',
      'Sun 02:15-02:45 Europe/Amsterdam',
    ],
    [
      'what is left of one begins when it is over',
      'closed 2026-03-29T01:00',
      '2026-03-29T00:59:00Z',
      'Sun 02:30-03:30 Europe/Amsterdam',
    ],
    [
      'one that ends in it ends when it begins',
      'open 2026-03-29T01:00',
      '2026-03-29T00:30:00Z',
      'Sun 01:00-02:30 Europe/Amsterdam',
    ],
    [
      'an hour that comes twice is in it twice',
      'open 2026-10-25T02:00',
      '2026-10-25T00:00:00Z',
      'Sun 02:00-03:00 Europe/Amsterdam',
    ],
    [
      'one that ends in it ends there',
      'open 2026-10-25T00:30',
      '2026-10-25T00:00:00Z',
      'Sun 01:00-02:30 Europe/Amsterdam',
    ],
    [
      'and opens again',
      'closed 2026-10-25T01:00',
      '2026-10-25T00:30:00Z',
      'Sun 01:00-02:30 Europe/Amsterdam',
    ],
    [
      'until its end comes again',
      'open 2026-10-25T01:30',
      '2026-10-25T01:00:00Z',
      'Sun 01:00-02:30 Europe/Amsterdam',
    ],
    [
      'New York skips its hour earlier',
      'open 2026-03-08T08:00',
      '2026-03-08T06:00:00Z',
      'Sun 01:00-04:00 America/New_York',
    ],
    [
      'Lord Howe skips half an hour',
      'open 2026-10-03T16:30',
      '2026-10-03T15:00:00Z',
      'Sun 01:30-04:00 Australia/Lord_Howe'.replace('04:00', '03:30'),
    ],
    [
      'and shows half an hour twice',
      'open 2026-04-04T15:30',
      '2026-04-04T14:30:00Z',
      'Sun 01:30-02:00 Australia/Lord_Howe',
    ],
    [
      'Santiago is set back at midnight',
      'open 2026-04-05T04:00',
      '2026-04-05T02:30:00Z',
      'Sat 23:00-24:00 America/Santiago',
    ],
  ])('%s', ([, state, now, text]) => {
    expect(stateAt([text], now)).toBe(state);
  });
});

describe('at every instant', () => {
  const ZONES = [
    'Europe/Amsterdam',
    'America/New_York',
    'Australia/Lord_Howe',
    'America/Santiago',
    'UTC',
  ];
  const minute = fc.integer({ min: 0, max: 95 }).map((quarter) => quarter * 15);
  const window: fc.Arbitrary<MaintenanceWindow> = fc
    .record({
      days: fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1 }),
      fromMinute: minute,
      toMinute: minute,
      timeZone: fc.constantFrom(...ZONES),
    })
    .filter(({ fromMinute, toMinute }) => fromMinute !== toMinute);
  // Around the changes of clocks of 2026 in these zones, and some ordinary days.
  const now = fc
    .tuple(
      fc.constantFrom(
        '2026-03-08',
        '2026-03-29',
        '2026-04-05',
        '2026-09-06',
        '2026-10-04',
        '2026-10-25',
        '2026-11-01',
        '2026-07-01',
      ),
      fc.integer({ min: -5 * 96, max: 2 * 96 }),
    )
    .map(([day, quarters]) => Date.parse(day) + quarters * 15 * 60_000);

  const clocks = Object.fromEntries(
    ZONES.map((timeZone) => [
      timeZone,
      new Intl.DateTimeFormat('en-GB', {
        timeZone,
        weekday: 'short',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      }),
    ]),
  );

  /** What a clock on the wall shows, said by other means than the product's. */
  function shows(
    { days, fromMinute, toMinute, timeZone }: MaintenanceWindow,
    atMs: number,
  ): boolean {
    const text = clocks[timeZone]?.format(atMs) ?? '';
    const [, weekday = '', hours, minutes] =
      /^(\w{3})\w*,? (?:at )?(\d\d):(\d\d)$/.exec(text) ?? [];
    const day = (DAYS as readonly string[]).indexOf(weekday.toLowerCase());
    expect(day).toBeGreaterThanOrEqual(0);
    const time = Number(hours) * 60 + Number(minutes);
    const on = (place: number) => days.some((each) => each === DAYS[(place + 7) % 7]);
    return fromMinute < toMinute
      ? on(day) && time >= fromMinute && time < toMinute
      : (on(day) && time >= fromMinute) || (on(day - 1) && time < toMinute);
  }

  test('it is open just when the clocks on the wall say so, up to the change and not after', () => {
    fc.assert(
      fc.property(fc.array(window, { minLength: 1, maxLength: 2 }), now, (given, nowMs) => {
        const open = (atMs: number) => given.some((each) => shows(each, atMs));
        const state = windowAt(given, nowMs);

        expect(state.kind).toBe(open(nowMs) ? 'open' : 'closed');
        const changesAtMs = state.kind === 'open' ? state.openUntilMs : state.opensAtMs;
        if (changesAtMs === null || changesAtMs > nowMs + 15 * DAY_MS) return;
        expect(changesAtMs).toBeGreaterThan(nowMs);
        expect(open(changesAtMs)).toBe(!open(nowMs));
        const lastMs = Math.min(changesAtMs - 1, nowMs + 2 * DAY_MS);
        for (let atMs = nowMs; atMs <= lastMs; atMs += 15 * 60_000) {
          expect(open(atMs)).toBe(open(nowMs));
        }
        expect(open(changesAtMs - 1)).toBe(open(nowMs));
      }),
      { numRuns: 150 },
    );
  });

  test('it opens within a week, or two where a change of clocks skips it', () => {
    fc.assert(
      fc.property(window, now, (given, nowMs) => {
        const state = windowAt([given], nowMs);

        if (state.kind === 'closed') expect(state.opensAtMs).not.toBeNull();
      }),
      { numRuns: 200 },
    );
  });
});
