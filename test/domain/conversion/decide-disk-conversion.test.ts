import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Disk } from '../../../src/domain/azure/disk.ts';
import { vmOf } from '../../../src/domain/azure/vm-of.ts';
import { decideDiskConversion } from '../../../src/domain/conversion/decide-disk-conversion.ts';
import type { DiskFacts } from '../../../src/domain/gate/disk-facts.ts';
import { type DiskJudgement, judgeDisk } from '../../../src/domain/gate/judge-disk.ts';
import { verdict } from '../../../src/domain/gate/verdict.ts';
import type { ConversionPolicy } from '../../../src/domain/policy/conversion-policy.ts';
import { aDisk, aPolicy, CUSTOMER_KEY, diskId, setId, vmId } from '../../support/builders.ts';
import { anyDiskFacts, NOW_MS, somePolicy } from '../arbitraries.ts';

const VERDICT = verdict('blocked', 'active-sas', 'It is exported.', diskId('data-1'));
const change = {
  diskId: diskId('data-1'),
  diskEncryptionSetId: setId('des-weu'),
  encryptionType: CUSTOMER_KEY,
};
const convertible: DiskJudgement = { kind: 'convert', ...change, undecidable: [VERDICT] };
const blocked: DiskJudgement = { kind: 'blocked', diskId: diskId('data-1'), verdicts: [VERDICT] };
const skipped: DiskJudgement = {
  kind: 'skip',
  diskId: diskId('data-1'),
  reason: 'other-customer-key',
};
const free = aDisk();
const held = aDisk({ managedBy: vmId('vm-1').toUpperCase(), diskState: 'Reserved' });

test('converts a disk that no VM holds', () => {
  expect(decideDiskConversion(free, convertible, aPolicy({ mayDeallocate: false }))).toEqual({
    kind: 'convert',
    mode: 'enforce',
    change,
    undecidable: [VERDICT],
  });
});

test('plans in the mode of the policy', () => {
  expect(decideDiskConversion(free, convertible, aPolicy({ mode: 'report' }))).toMatchObject({
    kind: 'convert',
    mode: 'report',
  });
});

test.for<[judgement: DiskJudgement]>([[convertible], [blocked]])(
  'hands a disk of a VM over to the VM: $0.kind',
  ([judgement]) => {
    expect(decideDiskConversion(held, judgement, aPolicy())).toEqual({
      kind: 'of-vm',
      vmId: vmId('vm-1').toUpperCase(),
    });
  },
);

test('tells what blocks a disk that no VM holds', () => {
  expect(decideDiskConversion(free, blocked, aPolicy())).toEqual({
    kind: 'blocked',
    verdicts: [VERDICT],
  });
});

test.for<[disk: Disk]>([[free], [held]])('leaves alone what is none of our business', ([disk]) => {
  expect(decideDiskConversion(disk, skipped, aPolicy())).toEqual({
    kind: 'skip',
    reason: 'other-customer-key',
  });
});

describe('vmOf', () => {
  test.for<[what: string, managedBy: string | null, vm: string | null]>([
    ['nobody', null, null],
    ['a VM', vmId('vm-1'), vmId('vm-1')],
    ['something else', setId('x'), null],
    ['a VM of a scale set', `${vmId('vm-1')}/virtualMachines/0`, null],
    ['no ID', 'vm-1', null],
  ])('held by %s', ([, managedBy, vm]) => {
    expect(vmOf(aDisk({ managedBy }))).toBe(vm);
  });
});

describe('whatever the facts are', () => {
  const anything = fc.tuple(anyDiskFacts(), somePolicy());
  const holds = (check: (made: [DiskFacts, ConversionPolicy]) => void) =>
    fc.assert(fc.property(anything, check), { numRuns: 1_000 });

  test('gives one answer, and plans in report mode the same as in enforce mode', () => {
    holds(([facts, policy]) => {
      const [reported, enforced] = (['report', 'enforce'] as const).map((mode) =>
        decideDiskConversion(facts.disk, judgeDisk(facts, policy, NOW_MS), { ...policy, mode }),
      );

      expect(['of-vm', 'skip', 'blocked', 'convert']).toContain(enforced?.kind);
      const isConversion = enforced?.kind === 'convert';
      expect(reported).toEqual(isConversion ? { ...enforced, mode: 'report' } : enforced);
    });
  });

  test('an empty scope leaves every disk alone', () => {
    holds(([facts, policy]) => {
      const nothing = { ...policy, scope: [] };

      const plan = decideDiskConversion(facts.disk, judgeDisk(facts, nothing, NOW_MS), nothing);

      expect(plan).toEqual({ kind: 'skip', reason: 'out-of-scope' });
    });
  });

  test('converts no disk by itself that a VM holds', () => {
    holds(([facts, policy]) => {
      const plan = decideDiskConversion(facts.disk, judgeDisk(facts, policy, NOW_MS), policy);

      if (plan.kind === 'convert') expect(facts.disk.managedBy).toBeNull();
    });
  });
});
