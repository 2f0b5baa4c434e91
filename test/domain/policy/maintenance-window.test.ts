import { expect, test } from 'vitest';
import {
  parseTimeOfDay,
  parseWindow,
  WINDOW_TAG,
} from '../../../src/domain/policy/maintenance-window.ts';

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

test('knows every day of the week, in whatever case', () => {
  const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

  for (const names of [days.join(','), days.join(',').toUpperCase()]) {
    expect(parseWindow(`${names} 22:00-23:00 UTC`)).toMatchObject({ days });
  }
});

test.for([
  ['Sat 22:00-23:00 UTC please'],
  ['Sat 122:00-23:00 UTC'],
  ['Sat 22:00-23:000 UTC'],
  ['Sat 22:00-23:00 +01:00'],
  ['Sat 22:00-23:00 1UTC'],
])('is no window: %s', ([text = '']) => {
  expect(parseWindow(text)).toBeNull();
});

test("is named by keyturn's own tag", () => {
  expect(WINDOW_TAG).toBe('keyturn:window');
});
