import { describe, expect, test } from 'vitest';
import {
  type ConversionOutcome,
  type ConvertedDisk,
  describeConversion,
  describeInPlace,
  describePlan,
  describeUnreadable,
} from '../../../src/domain/conversion/conversion-outcome.ts';
import type { DiskPlan } from '../../../src/domain/conversion/decide-disk-conversion.ts';
import type { SkippedDisk, VmPlan } from '../../../src/domain/conversion/decide-vm-conversion.ts';
import { verdict } from '../../../src/domain/gate/verdict.ts';
import { CUSTOMER_KEY, diskId, setId, vmId } from '../../support/builders.ts';

const change = {
  diskId: diskId('os'),
  diskEncryptionSetId: setId('des-weu'),
  encryptionType: CUSTOMER_KEY,
};
const skipped: SkippedDisk[] = [{ diskId: diskId('data-1'), reason: 'already-converted' }];
const verdicts = [verdict('blocked', 'hydrating', '40 %', diskId('data-2'))];

describe('describePlan', () => {
  test.for<[what: string, plan: VmPlan | DiskPlan, outcome: ConversionOutcome]>([
    ['gone', { kind: 'gone' }, { kind: 'gone' }],
    [
      'a disk of a VM',
      { kind: 'of-vm', vmId: vmId('vm-1') },
      { kind: 'of-vm', vmId: vmId('vm-1') },
    ],
    [
      'a VM that is left alone',
      { kind: 'skip', reason: 'nothing-to-convert', skipped },
      { kind: 'skipped', reason: 'nothing-to-convert', skipped },
    ],
    [
      'a disk that is left alone',
      { kind: 'skip', reason: 'region-not-covered' },
      { kind: 'skipped', reason: 'region-not-covered', skipped: [] },
    ],
    [
      'a VM that is blocked',
      { kind: 'blocked', verdicts, skipped },
      { kind: 'blocked', verdicts, skipped },
    ],
    [
      'a disk that is blocked',
      { kind: 'blocked', verdicts },
      { kind: 'blocked', verdicts, skipped: [] },
    ],
    [
      'a VM that must wait',
      { kind: 'wait', reason: 'settling', waitMs: 1 },
      { kind: 'skipped', reason: 'settling', skipped: [] },
    ],
    [
      'a VM to switch off',
      {
        kind: 'convert',
        mode: 'report',
        deallocate: true,
        changes: [change],
        skipped,
        undecidable: [],
        verdicts,
      },
      { kind: 'reported', mode: 'report', deallocate: true, changes: [change], skipped, verdicts },
    ],
    [
      'a VM that is off',
      {
        kind: 'convert',
        mode: 'report',
        deallocate: false,
        changes: [change],
        skipped: [],
        undecidable: [],
        verdicts: [],
      },
      {
        kind: 'reported',
        mode: 'report',
        deallocate: false,
        changes: [change],
        skipped: [],
        verdicts: [],
      },
    ],
    [
      'a disk to convert',
      { kind: 'convert', mode: 'report', change, undecidable: [] },
      {
        kind: 'reported',
        mode: 'report',
        deallocate: false,
        changes: [change],
        skipped: [],
        verdicts: [],
      },
    ],
  ])('says what would be done: %s', ([, plan, outcome]) => {
    expect(describePlan(plan)).toEqual(outcome);
  });
});

describe('describeConversion', () => {
  const parts = {
    disks: [{ diskId: diskId('os'), kind: 'encrypted' }],
    skipped,
    verdicts,
    deallocated: true,
    vmProblem: null,
    vmLeftOff: false,
  } satisfies Parameters<typeof describeConversion>[0];
  const refused: ConvertedDisk = {
    diskId: diskId('data-1'),
    kind: 'refused',
    code: 'PropertyChangeNotAllowed',
    message: 'No.',
  };

  test.for<[kind: string, what: string, differences: Partial<typeof parts> | object]>([
    ['converted', 'every disk is encrypted', {}],
    ['converted', 'a disk vanished', { disks: [{ diskId: diskId('os'), kind: 'gone' }] }],
    ['converted', 'there was no disk left', { disks: [] }],
    ['failed', 'a disk was refused', { disks: [...parts.disks, refused] }],
    ['failed', 'a disk timed out', { disks: [{ diskId: diskId('os'), kind: 'timed-out' }] }],
    ['failed', 'the VM had a problem', { vmProblem: 'AllocationFailed' }],
    ['failed', 'the VM stayed off', { vmLeftOff: true }],
  ])('%s when %s', ([kind, , differences]) => {
    const whole = { ...parts, ...differences };

    expect(describeConversion(whole)).toEqual({ kind, ...whole });
  });

  test('keeps what was undecidable of a disk only while its encryption has not decided it', () => {
    const ofDisk = (id: string) => verdict('undecidable', 'disk-encryption-history', 'Ever?', id);
    const whole = {
      ...parts,
      disks: [...parts.disks, refused],
      verdicts: [...verdicts, ofDisk(diskId('os')), ofDisk(refused.diskId)],
    };

    expect(describeConversion(whole)).toMatchObject({
      verdicts: [...verdicts, ofDisk(refused.diskId)],
    });
  });
});

test('what is planned and only Azure can tell is told after what stands in the way', () => {
  const undecidable = [verdict('undecidable', 'disk-encryption-history', 'Ever?', diskId('os'))];
  const plan = { kind: 'convert', mode: 'report', skipped, changes: [change] } as const;

  const outcome = describePlan({ ...plan, deallocate: true, undecidable, verdicts });

  expect(outcome).toMatchObject({ verdicts: [...verdicts, ...undecidable] });
});

test('what Azure did not let be read is blocked under its code', () => {
  const refusal = { code: 'AuthorizationFailed', message: 'No right.' };

  expect(describeUnreadable(vmId('vm-1'), refusal)).toMatchObject({
    kind: 'blocked',
    verdicts: [{ answer: 'unreadable', ...refusal, target: vmId('vm-1') }],
    skipped: [],
  });
});

test('what was converted in place switched no VM', () => {
  const disks = [{ diskId: diskId('os'), kind: 'encrypted' }] as const;

  expect(describeInPlace({ disks, skipped, verdicts })).toEqual({
    kind: 'converted',
    disks,
    skipped,
    verdicts,
    deallocated: false,
    vmProblem: null,
    vmLeftOff: false,
  });
});
