import { expect, test } from 'vitest';
import { judgeSchedule } from '../../src/policy/judge-schedule.ts';

test.for<[text: string]>([
  ['0 */10 * * * *'],
  ['*/10 * * * *'],
  ['0 30 9 * * 1-5'],
  ['0 0 0 1,15 * *'],
  ['0 5 6 * Jan-Mar Mon'],
  ['0 5/20 * * January sunday'],
  ['0 0 0 29 2 *'],
  ['0 0 0 29 2 Mon'],
  ['  0 0 3 * * *  '],
])('fires: %s', ([text]) => {
  expect(judgeSchedule(text).kind).toBe('fires');
});

test.for<[text: string]>([['0 0 0 30 2 *'], ['0 0 0 31 2 *'], ['0 0 0 31 4,6,9,11 *']])(
  'never fires: %s',
  ([text]) => {
    expect(judgeSchedule(text)).toEqual({ kind: 'never-fires' });
  },
);

test.for<[text: string]>([
  [''],
  ['a b c d e'],
  ['99 * * * * *'],
  ['* * 24 * * *'],
  ['0 0 0 0 * *'],
  ['0 5-1 * * * *'],
  ['0 */0 * * * *'],
  ['0 0 * * *  * *'],
  ['00:10:00'],
  ['0 -1 * * * *'],
  ['0 0 0 L * *'],
  ['0 0 0 ? * *'],
  ['0 0 0 1,,2 * *'],
  ['0 /5 * * * *'],
  ['@daily'],
  ['2027-01-01T00:00:00'],
])('cannot be read: %s', ([text]) => {
  expect(judgeSchedule(text)).toEqual({ kind: 'unreadable' });
});

function scheduleOf(text: string, timeZone?: string) {
  const judged = judgeSchedule(text, timeZone);
  if (judged.kind !== 'fires') throw new Error(judged.kind);
  return judged.schedule;
}

test.for<[text: string, expression: string]>([
  ['*/10 * * * *', '0 */10 * * * *'],
  ['  30 2   * * sunday ', '0 30 2 * * sunday'],
  ['0 */10 * * * *', '0 */10 * * * *'],
  ['15\t0 3 * * *', '15 0 3 * * *'],
])('hands six fields to the host: %s', ([text, expression]) => {
  expect(scheduleOf(text).expression).toBe(expression);
});

const NOON = Date.UTC(2026, 6, 1, 12);

test('says its next times, the same of five fields as of six', () => {
  const times = [10, 20, 30].map((minutes) => NOON + minutes * 60_000);

  expect(scheduleOf('*/10 * * * *').next(NOON, 3)).toEqual(times);
  expect(scheduleOf('0 */10 * * * *').next(NOON, 3)).toEqual(times);
});

test("goes by the host's clocks, and says no times when their name means nothing here", () => {
  expect(scheduleOf('0 15 * * *', 'Europe/Amsterdam').next(NOON, 1)).toEqual([NOON + 3_600_000]);
  expect(scheduleOf('0 15 * * *', 'W. Europe Standard Time').next(NOON, 1)).toEqual([]);
});
