import { expect, test } from 'vitest';
import { firstWaveCap, sizeAndPlace } from '../../../src/domain/turn/first-wave.ts';

const MACHINE = { size: 'Standard_E8s_v5', region: 'WestEurope', zone: '2' };
const KEY = 'size/standard_e8s_v5/westeurope/2';
const NOW_MS = Date.UTC(2026, 5, 1);
const HOUR_MS = 3_600_000;

test.for<[limit: number | null, lastStartMs: number | null]>([
  [3, null],
  [null, NOW_MS],
  [null, NOW_MS - HOUR_MS + 1],
  [3, NOW_MS - HOUR_MS],
])('at most %s are off at once where one has last started at %s', ([limit, lastStartMs]) => {
  const cap = limit === null ? { key: KEY, limit } : { key: KEY, limit, untilOneEnded: true };
  expect(firstWaveCap(MACHINE, lastStartMs, NOW_MS)).toEqual(cap);
});

test('a size is of its zone, or of its region without one', () => {
  expect(sizeAndPlace(MACHINE)).toBe('size/Standard_E8s_v5/westeurope/2');
  expect(sizeAndPlace({ ...MACHINE, zone: null })).toBe('size/Standard_E8s_v5/westeurope');
});
