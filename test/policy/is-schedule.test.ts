import { expect, test } from 'vitest';
import { isSchedule } from '../../src/policy/is-schedule.ts';

test.for<[text: string]>([
  ['0 */10 * * * *'],
  ['*/10 * * * *'],
  ['0 30 9 * * 1-5'],
  ['0 0 0 1,15 * *'],
  ['0 5 6 * Jan-Mar Mon'],
  ['  0 0 3 * * *  '],
])('is a schedule: %s', ([text]) => {
  expect(isSchedule(text)).toBe(true);
});

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
])('is no schedule: %s', ([text]) => {
  expect(isSchedule(text)).toBe(false);
});
