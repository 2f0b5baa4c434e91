import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectedDowntime } from '../../../src/domain/turn/expected-downtime.ts';

const samples = (diskCount: number, ...seconds: readonly number[]) =>
  seconds.map((each) => ({ diskCount, downtimeMs: each * 1000 }));

test('is what was recorded, as long as the journal knows too little', () => {
  const recorded = { lowMs: 15_313 + 1_120 + 10_375, highMs: 31_297 + 5_160 + 15_109 };

  expect(expectedDowntime(1, [])).toEqual(recorded);
  expect(expectedDowntime(1, samples(1, 40, 41, 42, 43))).toEqual(recorded);
  expect(expectedDowntime(2, samples(1, 40, 41, 42, 43, 44))).toEqual(expectedDowntime(2, []));
});

test('is what the journal knows of VMs with at least as many disks', () => {
  const known = [...samples(2, 44, 40, 43, 41, 42), ...samples(8, 90), ...samples(1, 5, 5, 5)];

  expect(expectedDowntime(2, known)).toEqual({ lowMs: 41_000, highMs: 90_000 });
});

test('grows with the number of disks, and its ends never cross', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 64 }), fc.array(fc.nat()), (disks, downtimes) => {
      const known = downtimes.map((downtimeMs) => ({ diskCount: 64, downtimeMs }));
      const { lowMs, highMs } = expectedDowntime(disks, known);

      expect(lowMs).toBeLessThanOrEqual(highMs);
      const more = expectedDowntime(disks + 1, []);
      expect(more.lowMs).toBeGreaterThanOrEqual(expectedDowntime(disks, []).lowMs);
      expect(more.highMs).toBeGreaterThanOrEqual(expectedDowntime(disks, []).highMs);
    }),
  );
});

test('five downtimes are enough, and the share is that of the nearest rank', () => {
  const five = samples(1, 10, 20, 30, 40, 50);

  expect(expectedDowntime(1, five)).toEqual({ lowMs: 20_000, highMs: 50_000 });
  expect(expectedDowntime(1, [...five, ...samples(1, 1, 2, 3)])).toEqual({
    lowMs: 2_000,
    highMs: 50_000,
  });
});

test.for<[disks: number, lowMs: number, highMs: number]>([
  [0, 1_120, 5_160],
  [1, 1_120, 5_160],
  [2, 1_890, 24_270],
  [4, 2_720, 24_270],
  [16, 3_690, 24_270],
])('of %s disks the slowest update counts', ([disks, lowMs, highMs]) => {
  expect(expectedDowntime(disks, [])).toEqual({
    lowMs: 15_313 + lowMs + 10_375,
    highMs: 31_297 + highMs + 15_109,
  });
});
