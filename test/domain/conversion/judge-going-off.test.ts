import { expect, test } from 'vitest';
import { hasGoneOff, type PowerState } from '../../../src/domain/azure/vm.ts';
import { type GoneOff, judgeGoingOff } from '../../../src/domain/conversion/judge-going-off.ts';

const MINUTE_MS = 60_000;
const FAILURE = {
  code: 'InternalExecutionError',
  message: 'An internal execution error occurred.',
};

test.for<[what: string, look: Partial<Parameters<typeof judgeGoingOff>[0]>, end: GoneOff | null]>([
  ['is off', { powerState: 'deallocated' }, { kind: 'deallocated' }],
  ['runs still', { powerState: 'running' }, null],
  ['is on its way', { powerState: 'deallocating', wentOff: true }, null],
  ['is on its way back', { powerState: 'starting', wentOff: true }, null],
  ['is back', { powerState: 'running', wentOff: true }, { kind: 'started-by-another' }],
  [
    'is back, for Azure failed',
    { powerState: 'running', wentOff: true, failure: FAILURE },
    { kind: 'problem', ...FAILURE },
  ],
  [
    'shows nothing of it for minutes',
    { powerState: 'running', sinceMs: 4 * MINUTE_MS },
    { kind: 'problem', code: 'DeallocationFailed' },
  ],
  ['is shut down just now', { powerState: 'stopped', wentOff: true }, null],
  [
    'stays shut down',
    { powerState: 'stopped', wentOff: true, sinceMs: 4 * MINUTE_MS },
    { kind: 'problem', code: 'StoppedInstead' },
  ],
  [
    'is on its way for ever',
    { powerState: 'deallocating', wentOff: true, sinceMs: 31 * MINUTE_MS },
    { kind: 'problem', code: 'DeallocationTimedOut' },
  ],
])('a VM that shall go off %s', ([, look, end]) => {
  const looked = { powerState: 'unknown', failure: null, wentOff: false, sinceMs: 0, ...look };

  expect(judgeGoingOff(looked as Parameters<typeof judgeGoingOff>[0])).toEqual(end);
});

test.for<[powerState: PowerState, is: boolean]>([
  ['running', false],
  ['unknown', false],
  ['stopping', true],
  ['stopped', true],
  ['deallocating', true],
  ['deallocated', true],
  ['starting', true],
])('one that ran and shows %s has gone off: %s', ([powerState, is]) => {
  expect(hasGoneOff(powerState)).toBe(is);
});
