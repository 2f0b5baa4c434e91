import { expect, test } from 'vitest';
import { parseTimeOfDay, parseWindow } from '../../../src/domain/policy/maintenance-window.ts';

test('the tag of a VM says a window', () => {
  expect(parseWindow(' Sat,sun 22:00-04:00  Europe/Amsterdam ')).toEqual({
    days: ['sat', 'sun'],
    fromMinute: 22 * 60,
    toMinute: 4 * 60,
    timeZone: 'Europe/Amsterdam',
  });
});

test.for<[text: string]>([
  [''],
  ['Sat'],
  ['Sat 22:00-04:00'],
  ['22:00-04:00 Europe/Amsterdam'],
  ['Sat, Sun 22:00-04:00 Europe/Amsterdam'],
  ['Caturday 22:00-04:00 Europe/Amsterdam'],
  ['Sat 22:00-22:00 Europe/Amsterdam'],
  ['Sat 24:00-04:00 Europe/Amsterdam'],
  ['Sat 22:00-25:00 Europe/Amsterdam'],
  ['Sat 22-04 Europe/Amsterdam'],
  ['Sat 22:00-04:00 Amsterdam'],
  ['Sat 22:00-04:00 +01:00'],
  ['constructor 22:00-04:00 UTC'],
])('no window is said by: %s', ([text]) => {
  expect(parseWindow(text)).toBeNull();
});

test.for<[text: string, minute: number | null]>([
  ['00:00', 0],
  ['23:59', 1439],
  ['24:00', 1440],
  ['24:01', null],
  ['7:00', null],
  ['07:60', null],
  ['7 am', null],
])('%s', ([text, minute]) => {
  expect(parseTimeOfDay(text)).toBe(minute);
});
