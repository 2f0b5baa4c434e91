import { expect, test } from 'vitest';
import {
  decideRestoration,
  type LeftVm,
} from '../../../src/domain/conversion/decide-restoration.ts';

const NOW_MS = Date.UTC(2026, 5, 1);
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

const NONE = { count: 0, lastAtMs: 0, takenAtMs: null, hasHelped: false };
const sent = (count: number, agoMs: number) => ({
  count,
  lastAtMs: NOW_MS - agoMs,
  takenAtMs: NOW_MS - agoMs,
  hasHelped: false,
});

function decide(vm: Partial<LeftVm>) {
  const off: LeftVm = {
    powerState: 'deallocated',
    changedAtMs: NOW_MS - 10 * MINUTE_MS,
    askedAtMs: NOW_MS - 10 * MINUTE_MS,
    starts: NONE,
  };
  return decideRestoration({ ...off, ...vm }, NOW_MS);
}

test.for<[what: string, vm: Partial<LeftVm>, does: string]>([
  ['that is off is started', {}, 'start'],
  ['that goes off is started', { powerState: 'deallocating' }, 'start'],
  ['whose state is not known is started', { powerState: 'unknown' }, 'start'],
  ['that starts is left to it', { powerState: 'starting' }, 'leave'],
  ['that is gone is let go', { powerState: null }, 'let-go'],
  ['that Azure was never asked about is let go', { askedAtMs: null }, 'let-go'],
  ['that runs long after is let go', { powerState: 'running' }, 'let-go'],
  [
    'that runs, though Azure may yet switch it off, is looked at again',
    { powerState: 'running', askedAtMs: NOW_MS - MINUTE_MS },
    'leave',
  ],
  [
    'that runs after a start is let go',
    { powerState: 'running', askedAtMs: NOW_MS, starts: sent(1, SECOND_MS) },
    'let-go',
  ],
  [
    "that ran after a start is its owner's",
    { starts: { ...sent(1, 0), hasHelped: true } },
    'let-go',
  ],
  [
    "that went off well after a start is its owner's",
    { changedAtMs: NOW_MS - SECOND_MS, starts: sent(1, MINUTE_MS) },
    'let-go',
  ],
  [
    'whose start Azure did not take, as it was still going off by us, is started again',
    {
      changedAtMs: NOW_MS - SECOND_MS,
      starts: { ...sent(1, MINUTE_MS), takenAtMs: null },
    },
    'start',
  ],
  [
    'whose start failed is started again',
    { changedAtMs: null, starts: sent(1, MINUTE_MS) },
    'start',
  ],
])('a VM %s', ([, vm, does]) => {
  expect(decide(vm)).toBe(does);
});

test('a start that does not help is sent again after growing pauses, ten minutes at most', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7].map((count) => {
    for (let seconds = 1; ; seconds += 1) {
      if (decide({ starts: sent(count, seconds * SECOND_MS) }) === 'start') return seconds;
    }
  });

  expect(pauses).toEqual([30, 60, 120, 240, 480, 600, 600]);
});
