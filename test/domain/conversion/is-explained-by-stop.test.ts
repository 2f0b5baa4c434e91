import { expect, test } from 'vitest';
import type { ConversionRecord } from '../../../src/domain/conversion/conversion-record.ts';
import { isExplainedByStop } from '../../../src/domain/conversion/is-explained-by-stop.ts';
import { diskId, vmId } from '../../support/builders.ts';

type Disks = readonly (readonly [outcome: string | null, code: string | null])[];
type Steps = readonly (readonly [step: string, code: string | null])[];

function aFailure(disks: Disks, steps: Steps): Pick<ConversionRecord, 'disks' | 'steps'> {
  return {
    disks: disks.map(([outcome, code], index) => ({
      id: diskId(`data-${index}`),
      before: { type: 'EncryptionAtRestWithPlatformKey', setId: null },
      after: null,
      outcome,
      code,
    })),
    steps: steps.map(([step, code]) => ({
      at: '2026-03-01T08:00:00.000Z',
      step,
      target: vmId('vm-1'),
      code,
      correlationId: null,
      operationId: null,
    })),
  };
}

test.for<[explained: boolean, disks: Disks, steps: Steps]>([
  [
    true,
    [['refused', 'ReadOnlyDisabledSubscription']],
    [['encrypt', 'ReadOnlyDisabledSubscription']],
  ],
  [
    true,
    [
      ['refused', 'KeyVaultAccessForbidden'],
      ['refused', 'SetStopped'],
    ],
    [],
  ],
  [
    true,
    [
      ['encrypted', null],
      ['gone', null],
    ],
    [
      ['start', null],
      ['start-failed', 'ZonalAllocationFailed'],
    ],
  ],
  [true, [['encrypted', null]], [['start', 'SkuNotAvailable']]],
  [false, [['refused', 'PropertyChangeNotAllowed']], []],
  [
    false,
    [
      ['refused', 'SetStopped'],
      ['refused', 'PropertyChangeNotAllowed'],
    ],
    [],
  ],
  [
    false,
    [
      ['refused', 'SetStopped'],
      ['timed-out', null],
    ],
    [],
  ],
  [
    false,
    [['encrypted', null]],
    [
      ['start-failed', 'ZonalAllocationFailed'],
      ['start-failed', 'StartFailed'],
    ],
  ],
  // The right to switch it off is no matter of its set.
  [false, [], [['deallocate', 'AuthorizationFailed']]],
  [false, [['encrypted', null]], []],
  [true, [[null, null]], [['deallocate', 'ReadOnlyDisabledSubscription']]],
  [false, [[null, null]], [['deallocate', 'DeallocationFailed']]],
  [false, [], []],
])('%s: disks %j, steps %j', ([explained, disks, steps]) => {
  expect(isExplainedByStop(aFailure(disks, steps))).toBe(explained);
});
