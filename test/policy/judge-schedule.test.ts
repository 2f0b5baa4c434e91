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
  expect(judgeSchedule(text)).toBe('fires');
});

test.for<[text: string]>([['0 0 0 30 2 *'], ['0 0 0 31 2 *'], ['0 0 0 31 4,6,9,11 *']])(
  'never fires: %s',
  ([text]) => {
    expect(judgeSchedule(text)).toBe('never-fires');
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
  expect(judgeSchedule(text)).toBe('unreadable');
});
