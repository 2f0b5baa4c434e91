import { expect, test } from 'vitest';
import { formatUntil, parseUntil } from '../../../src/domain/policy/until.ts';

test.for<[text: string, at: string | null]>([
  ['2027-01-31', '2027-02-01T00:00:00.000Z'],
  [' 2028-02-29 ', '2028-03-01T00:00:00.000Z'],
  ['2027-01-31T18:00Z', '2027-01-31T18:00:00.000Z'],
  ['2027-01-31T18:00:30.5+01:00', '2027-01-31T17:00:30.500Z'],
  ['2027-01-31T18:00', null],
  ['2027-02-29', null],
  ['2027-02-29T10:00Z', null],
  ['2027-13-01', null],
  ['2027-01-31T25:00Z', null],
  ['31-01-2027', null],
  ['2027', null],
  ['1806451200000', null],
  ['tomorrow', null],
  ['', null],
])('until %s', ([text, at]) => {
  expect(parseUntil(text)).toBe(at === null ? null : Date.parse(at));
});

test.for<[at: string, text: string]>([
  ['2027-02-01T00:00:00.000Z', '2027-01-31'],
  ['2027-02-01T00:00:00.001Z', '2027-02-01T00:00:00.001Z'],
  ['2027-01-31T18:00:00.000Z', '2027-01-31T18:00:00.000Z'],
])('%s is told as %s, and read as the same again', ([at, text]) => {
  expect(formatUntil(Date.parse(at))).toBe(text);
  expect(parseUntil(text)).toBe(Date.parse(at));
});

test.for([
  ['from 2027-01-31'],
  ['2027-01-31 at noon'],
  ['from 2027-01-31T18:00Z'],
  ['2027-01-31T18:00Z at the latest'],
])('nothing may stand around a date: %s', ([text = '']) => {
  expect(parseUntil(text)).toBeNull();
});
