import { describe, expect, test } from 'vitest';
import type { Vm } from '../../../src/domain/azure/vm.ts';
import type { ConversionPolicy } from '../../../src/domain/policy/conversion-policy.ts';
import {
  type MaintenanceWindow,
  parseWindow,
} from '../../../src/domain/policy/maintenance-window.ts';
import { decideTurn } from '../../../src/domain/turn/decide-turn.ts';
import { aPolicy, aVm } from '../../support/builders.ts';

const MINUTE_MS = 60_000;
/** A Monday. */
const NOW = '2026-01-05T12:00Z';

function windows(...texts: readonly string[]): readonly MaintenanceWindow[] {
  return texts.flatMap((text) => parseWindow(text) ?? []);
}

const AFTERNOON = { windows: windows('Mon 11:00-13:00 UTC') };
const NIGHT = { windows: windows('Mon 22:00-23:00 UTC') };

interface Case {
  readonly policy: Partial<ConversionPolicy>;
  readonly vm?: Partial<Vm>;
  readonly isApproved?: boolean;
  readonly minutes?: number;
  readonly now?: string;
}

function turnOf({ policy, vm, isApproved = false, minutes = 2, now = NOW }: Case) {
  return decideTurn({
    vm: aVm(vm),
    policy: aPolicy(policy),
    isApproved,
    nowMs: Date.parse(now),
    expected: { lowMs: MINUTE_MS, highMs: minutes * MINUTE_MS },
  });
}

const tag = (text: string): Partial<Vm> => ({ tags: { 'Keyturn:Window': text } });

describe('a running VM', () => {
  test.for<[kind: string, what: string, given: Case]>([
    ['now', 'at once', { policy: {} }],
    ['now', 'in an open window', { policy: { when: 'in-window', ...AFTERNOON } }],
    ['now', 'approved', { policy: { when: 'on-approval' }, isApproved: true }],
    [
      'now',
      'approved, in an open window',
      { policy: { when: 'on-approval', ...AFTERNOON }, isApproved: true },
    ],
    [
      'now',
      'in the open window of its own',
      { policy: { when: 'in-window', ...NIGHT }, vm: tag('Mon 11:00-13:00 UTC') },
    ],
    [
      'now',
      'where its own window is the only one',
      { policy: { when: 'in-window' }, vm: tag('Mon 11:00-13:00 UTC') },
    ],
    [
      'now',
      'when the window just lasts',
      { policy: { when: 'in-window', ...AFTERNOON }, minutes: 60 },
    ],
    ['awaits-approval', 'not approved', { policy: { when: 'on-approval' } }],
    [
      'awaits-approval',
      'not approved, before its window',
      { policy: { when: 'on-approval', ...NIGHT } },
    ],
    [
      'awaits-deallocation',
      'of which the owner decides',
      { policy: { when: 'when-deallocated' }, isApproved: true },
    ],
  ])('%s: %s', ([kind, , given]) => {
    expect(turnOf(given)).toEqual({ kind });
  });

  test.for<[at: string, what: string, given: Case]>([
    ['2026-01-05T22:00Z', 'when its window opens', { policy: { when: 'in-window', ...NIGHT } }],
    [
      '2026-01-05T22:00Z',
      'also when approved',
      { policy: { when: 'on-approval', ...NIGHT }, isApproved: true },
    ],
    [
      '2026-01-05T22:00Z',
      'in its own, whatever the policy says',
      { policy: {}, vm: tag('Mon 22:00-23:00 UTC') },
    ],
    [
      '2026-01-12T11:00Z',
      'when too little is left of this one',
      { policy: { when: 'in-window', ...AFTERNOON }, minutes: 61 },
    ],
    [
      '2026-01-06T00:00Z',
      'in the next that is long enough',
      {
        policy: {
          when: 'in-window',
          windows: windows('Mon 11:00-12:30 UTC', 'Tue 00:00-06:00 UTC'),
        },
        minutes: 120,
      },
    ],
  ])('later, at %s: %s', ([at, , given]) => {
    expect(turnOf(given)).toEqual({ kind: 'later', atMs: Date.parse(at) });
  });

  test.for<[code: string, given: Case]>([
    ['window-unreadable', { policy: {}, vm: tag('weekends') }],
    ['window-unreadable', { policy: { when: 'on-approval' }, vm: tag('') }],
    ['no-window', { policy: { when: 'in-window' } }],
    ['window-too-short', { policy: { when: 'in-window', ...NIGHT }, minutes: 61 }],
    ['window-too-short', { policy: { when: 'on-approval', ...NIGHT }, minutes: 61 }],
  ])('never: %s', ([code, given]) => {
    expect(turnOf(given)).toEqual({ kind: 'never', code, message: expect.any(String) });
  });
});

test.for<[given: Case]>([
  [{ policy: { when: 'in-window', ...NIGHT } }],
  [{ policy: { when: 'on-approval' } }],
  [{ policy: { when: 'when-deallocated' } }],
  [{ policy: { when: 'in-window' }, vm: tag('weekends') }],
])('a VM that is off already never waits: %j', ([given]) => {
  expect(turnOf({ ...given, vm: { ...given.vm, powerState: 'deallocated' } })).toEqual({
    kind: 'now',
  });
});

test('a VM that is stopped but allocated waits as one that runs', () => {
  const vm = { powerState: 'stopped' } as const;

  expect(turnOf({ policy: { when: 'on-approval' }, vm })).toEqual({ kind: 'awaits-approval' });
});

test('a window that a change of clocks cuts short is passed over that week', () => {
  const policy = {
    when: 'in-window',
    windows: windows('Sun 01:30-03:30 Europe/Amsterdam'),
  } as const;

  expect(turnOf({ policy, minutes: 90, now: '2026-03-28T12:00Z' })).toEqual({
    kind: 'later',
    atMs: Date.parse('2026-04-04T23:30Z'),
  });
});
