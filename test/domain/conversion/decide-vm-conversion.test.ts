import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Vm } from '../../../src/domain/azure/vm.ts';
import { decideVmConversion } from '../../../src/domain/conversion/decide-vm-conversion.ts';
import { type DiskJudgement, judgeDisk } from '../../../src/domain/gate/judge-disk.ts';
import { verdict } from '../../../src/domain/gate/verdict.ts';
import type { ConversionPolicy } from '../../../src/domain/policy/conversion-policy.ts';
import { aDisk, aPolicy, aVm, CUSTOMER_KEY, diskId, setId, vmId } from '../../support/builders.ts';
import { anyDiskFacts, NOW_MS, someDisk, somePolicy, someVm } from '../arbitraries.ts';

const MINUTE_MS = 60_000;
const HISTORY = verdict(
  'undecidable',
  'disk-encryption-history',
  'Only Azure knows.',
  diskId('os'),
);
const SNAPSHOTS = verdict('blocked', 'incremental-snapshots', 'It has one.', diskId('data-1'));
const NO_SET = verdict('unreadable', 'set-unreadable', 'No right.', setId('des-weu'));

const change = {
  diskId: diskId('os'),
  diskEncryptionSetId: setId('des-weu'),
  encryptionType: CUSTOMER_KEY,
};
const convertible: DiskJudgement = { kind: 'convert', ...change, undecidable: [HISTORY] };
const blocked: DiskJudgement = {
  kind: 'blocked',
  diskId: diskId('data-1'),
  verdicts: [SNAPSHOTS, NO_SET],
};
const skipped: DiskJudgement = {
  kind: 'skip',
  diskId: diskId('data-2'),
  reason: 'already-converted',
};

function decide(vm: Partial<Vm>, judgements: readonly DiskJudgement[], policy = aPolicy()) {
  return decideVmConversion(aVm(vm), judgements, policy, NOW_MS);
}

describe('a running VM', () => {
  test('is switched off for its disks', () => {
    expect(decide({}, [convertible, skipped])).toEqual({
      kind: 'convert',
      mode: 'enforce',
      deallocate: true,
      changes: [change],
      skipped: [{ diskId: diskId('data-2'), reason: 'already-converted' }],
      undecidable: [HISTORY],
      verdicts: [],
    });
  });

  test('stays on when one of its disks cannot go', () => {
    expect(decide({}, [convertible, blocked, skipped])).toEqual({
      kind: 'blocked',
      verdicts: [SNAPSHOTS, NO_SET],
      skipped: [
        { diskId: diskId('data-2'), reason: 'already-converted' },
        { diskId: diskId('data-1'), reason: 'incremental-snapshots' },
        { diskId: diskId('os'), reason: 'incremental-snapshots' },
      ],
    });
  });

  test('stays on when the policy does not allow to switch it off', () => {
    const plan = decide({}, [convertible, skipped], aPolicy({ mayDeallocate: false }));

    expect(plan).toEqual({
      kind: 'skip',
      reason: 'may-not-deallocate',
      skipped: [
        { diskId: diskId('data-2'), reason: 'already-converted' },
        { diskId: diskId('os'), reason: 'may-not-deallocate' },
      ],
    });
  });
});

describe('a deallocated VM', () => {
  const off: Partial<Vm> = { powerState: 'deallocated' };

  test('gets its disks converted without being started', () => {
    const plan = decide(off, [convertible], aPolicy({ mayDeallocate: false }));

    expect(plan).toMatchObject({ kind: 'convert', deallocate: false, changes: [change] });
  });

  test('gets every disk that can go, and tells what keeps the others', () => {
    expect(decide(off, [blocked, convertible])).toMatchObject({
      kind: 'convert',
      deallocate: false,
      changes: [change],
      skipped: [{ diskId: diskId('data-1'), reason: 'incremental-snapshots' }],
      verdicts: [SNAPSHOTS, NO_SET],
    });
  });

  test('is blocked when none of its disks can go', () => {
    expect(decide(off, [blocked])).toMatchObject({
      kind: 'blocked',
      verdicts: [SNAPSHOTS, NO_SET],
    });
  });
});

describe('is left alone', () => {
  const all = [convertible, blocked, skipped];

  test('out of scope, whatever else could be said', () => {
    const plan = decide(
      { powerState: 'starting', hasEphemeralOsDisk: true },
      all,
      aPolicy({ scope: [] }),
    );

    expect(plan).toMatchObject({ kind: 'skip', reason: 'out-of-scope' });
  });

  test.for<[what: string, judgements: readonly DiskJudgement[]]>([
    ['nothing of it is for us', [skipped]],
    ['it has no managed disk', []],
  ])('when %s', ([, judgements]) => {
    expect(decide({ powerState: 'starting' }, judgements)).toEqual({
      kind: 'skip',
      reason: 'nothing-to-convert',
      skipped: judgements.map(({ diskId }) => ({ diskId, reason: 'already-converted' })),
    });
  });

  test('with an ephemeral OS disk, which a deallocation would wipe', () => {
    expect(decide({ hasEphemeralOsDisk: true }, all)).toEqual({
      kind: 'skip',
      reason: 'ephemeral-os-disk',
      skipped: [
        { diskId: diskId('data-2'), reason: 'already-converted' },
        { diskId: diskId('os'), reason: 'ephemeral-os-disk' },
        { diskId: diskId('data-1'), reason: 'ephemeral-os-disk' },
      ],
    });
  });
});

describe('waits', () => {
  test.for<[vm: Partial<Vm>]>([
    [{ powerState: 'starting' }],
    [{ powerState: 'stopping' }],
    [{ powerState: 'deallocating' }],
    [{ provisioningState: 'Updating' }],
    [{ provisioningState: 'Creating' }],
  ])('half a minute while another operation goes on: %j', ([vm]) => {
    expect(decide(vm, [convertible])).toEqual({
      kind: 'wait',
      reason: 'busy',
      waitMs: MINUTE_MS / 2,
    });
  });

  test.for<[state: string]>([['Succeeded'], ['Failed'], ['Canceled']])(
    'for no operation that has %s',
    ([provisioningState]) => {
      expect(decide({ provisioningState }, [convertible])).toMatchObject({ kind: 'convert' });
    },
  );

  test('until a new VM has settled', () => {
    const policy = aPolicy({ settleMinutes: 10 });
    const createdAt = (agoMs: number) => ({ createdAtMs: NOW_MS - agoMs });

    expect(decide(createdAt(4 * MINUTE_MS), [convertible], policy)).toEqual({
      kind: 'wait',
      reason: 'settling',
      waitMs: 6 * MINUTE_MS,
    });
    expect(decide(createdAt(10 * MINUTE_MS - 1), [convertible], policy)).toMatchObject({
      kind: 'wait',
      waitMs: 1,
    });
    expect(decide(createdAt(10 * MINUTE_MS), [convertible], policy)).toMatchObject({
      kind: 'convert',
    });
  });

  test.for<[what: string, createdAtMs: number | null, settleMinutes: number]>([
    ['Azure does not say when it was created', null, 1440],
    ['the policy gives none', NOW_MS, 0],
  ])('no time to settle when %s', ([, createdAtMs, settleMinutes]) => {
    const plan = decide({ createdAtMs }, [convertible], aPolicy({ settleMinutes }));

    expect(plan).toMatchObject({ kind: 'convert' });
  });
});

describe('is blocked by the VM itself', () => {
  test.for<[code: string, vm: Partial<Vm>]>([
    ['hibernated', { isHibernated: true }],
    ['hibernated', { isHibernated: true, powerState: 'deallocated' }],
    ['vm-stopped', { powerState: 'stopped' }],
    ['power-state-unknown', { powerState: 'unknown' }],
    ['disk-encryption', { hasDiskEncryptionExtension: true }],
    ['disk-encryption', { hasDiskEncryptionExtension: true, powerState: 'deallocated' }],
    ['unmanaged-disk', { hasUnmanagedDisk: true }],
    ['unmanaged-disk', { hasUnmanagedDisk: true, powerState: 'deallocated' }],
  ])('%s: %j', ([code, vm]) => {
    expect(decide(vm, [convertible])).toMatchObject({
      kind: 'blocked',
      verdicts: [{ answer: 'blocked', code, target: vmId('vm-1') }],
      skipped: [{ diskId: diskId('os'), reason: code }],
    });
  });

  test('rather than by what the policy forbids', () => {
    const plan = decide(
      { powerState: 'stopped' },
      [convertible],
      aPolicy({ mayDeallocate: false }),
    );

    expect(plan).toMatchObject({ kind: 'blocked', verdicts: [{ code: 'vm-stopped' }] });
  });

  test('and by its disks, all told at once', () => {
    const plan = decide({ isHibernated: true, hasUnmanagedDisk: true }, [convertible, blocked]);

    expect(plan.kind === 'blocked' && plan.verdicts.map(({ code }) => code)).toEqual([
      'hibernated',
      'unmanaged-disk',
      'incremental-snapshots',
      'set-unreadable',
    ]);
  });
});

test('says once what holds for several disks', () => {
  const other = { ...blocked, diskId: diskId('data-3'), verdicts: [NO_SET] };
  const twin = { ...convertible, diskId: diskId('os-2') };

  expect(decide({}, [blocked, other])).toMatchObject({ verdicts: [SNAPSHOTS, NO_SET] });
  expect(decide({ powerState: 'deallocated' }, [convertible, blocked, other])).toMatchObject({
    kind: 'convert',
    verdicts: [SNAPSHOTS, NO_SET],
  });
  expect(decide({}, [convertible, twin])).toMatchObject({ undecidable: [HISTORY] });
});

describe('whatever the facts are', () => {
  /** A VM with up to four disks, their names all different, and how they were judged. */
  const anything = fc
    .tuple(
      someVm(),
      fc.array(anyDiskFacts(someDisk().filter(({ id }) => id.includes('/'))), { maxLength: 4 }),
      somePolicy(),
    )
    .map(([vm, facts, policy]) => {
      const judgements = facts.map((each, place) => {
        const disk = aDisk({ ...each.disk, id: `${each.disk.id}-${place}` });
        return judgeDisk({ ...each, disk }, policy, NOW_MS);
      });
      return { vm, judgements, policy };
    });
  interface Made {
    readonly vm: Vm;
    readonly judgements: readonly DiskJudgement[];
    readonly policy: ConversionPolicy;
  }
  const holds = (check: (made: Made) => void) =>
    fc.assert(fc.property(anything, check), { numRuns: 1_000 });

  test('gives one answer and never throws', () => {
    holds(({ vm, judgements, policy }) => {
      const { kind } = decideVmConversion(vm, judgements, policy, NOW_MS);

      expect(['skip', 'blocked', 'wait', 'convert']).toContain(kind);
    });
  });

  test('switches no VM off with a blocked or unreadable verdict standing', () => {
    holds(({ vm, judgements, policy }) => {
      const plan = decideVmConversion(vm, judgements, policy, NOW_MS);
      if (plan.kind !== 'convert' || !plan.deallocate) return;

      expect(plan.verdicts).toEqual([]);
      expect(judgements.filter(({ kind }) => kind === 'blocked')).toEqual([]);
      expect(policy.mayDeallocate).toBe(true);
      expect(vm.powerState).toBe('running');
    });
  });

  test('converts something, or it is no conversion', () => {
    holds(({ vm, judgements, policy }) => {
      const plan = decideVmConversion(vm, judgements, policy, NOW_MS);
      if (plan.kind !== 'convert') return;

      expect(plan.changes).not.toEqual([]);
    });
  });

  test('an empty scope leaves every VM and disk alone', () => {
    holds(({ vm, judgements, policy }) => {
      const nothing = { ...policy, scope: [] };

      const plan = decideVmConversion(vm, judgements, nothing, NOW_MS);

      expect(plan).toMatchObject({ kind: 'skip', reason: 'out-of-scope' });
    });
  });

  test('report mode plans the same as enforce mode', () => {
    holds(({ vm, judgements, policy }) => {
      const reported = decideVmConversion(vm, judgements, { ...policy, mode: 'report' }, NOW_MS);
      const enforced = decideVmConversion(vm, judgements, { ...policy, mode: 'enforce' }, NOW_MS);

      const isConversion = enforced.kind === 'convert';
      expect(reported).toEqual(isConversion ? { ...enforced, mode: 'report' } : enforced);
    });
  });

  test('names every disk of the VM once, as changed or with the reason why not', () => {
    holds(({ vm, judgements, policy }) => {
      const plan = decideVmConversion(vm, judgements, policy, NOW_MS);
      if (plan.kind === 'wait' || plan.kind === 'gone') return;

      const changes = plan.kind === 'convert' ? plan.changes : [];
      const named = [...changes, ...plan.skipped].map(({ diskId }) => diskId);
      expect(named.toSorted()).toEqual(judgements.map(({ diskId }) => diskId).toSorted());
      for (const { reason } of plan.skipped) expect(reason).toMatch(/^[a-z]+(-[a-z]+)*$/);
    });
  });

  test('waits for a positive time', () => {
    holds(({ vm, judgements, policy }) => {
      const plan = decideVmConversion(vm, judgements, policy, NOW_MS);
      if (plan.kind !== 'wait') return;

      expect(plan.waitMs).toBeGreaterThan(0);
    });
  });

  test('the facts are ordinary often enough for these properties to bite', () => {
    const kinds = fc
      .sample(anything, { numRuns: 2_000, seed: 1 })
      .map(({ vm, judgements, policy }) => decideVmConversion(vm, judgements, policy, NOW_MS))
      .map((plan) => (plan.kind === 'convert' ? `${plan.kind} ${plan.deallocate}` : plan.kind));

    for (const kind of ['skip', 'blocked', 'wait', 'convert true', 'convert false']) {
      expect(kinds.filter((each) => each === kind).length, kind).toBeGreaterThan(20);
    }
  });
});

describe('what stands against a deallocation', () => {
  const LOCKED = verdict('blocked', 'read-only-lock', 'A lock.', vmId('vm-1'));
  const UNREAD = verdict('unreadable', 'sizes-unreadable', 'No right.', vmId('vm-1'));
  const WARNED = verdict('warn', 'temporary-disk', 'Lost.', vmId('vm-1'));
  const PASSED = verdict('pass', 'key', 'Fine.', vmId('vm-1'));
  const decideWith = (...ofDeallocation: (typeof LOCKED)[]) =>
    decideVmConversion(aVm(), [convertible], aPolicy(), NOW_MS, ofDeallocation);

  test('keeps the VM on where it forbids it, under the first code', () => {
    expect(decideWith(PASSED, WARNED, UNREAD, LOCKED)).toEqual({
      kind: 'blocked',
      verdicts: [UNREAD, LOCKED],
      skipped: [{ diskId: diskId('os'), reason: 'sizes-unreadable' }],
    });
  });

  test('goes along where it only warns, once each, before what only Azure can tell', () => {
    expect(decideWith(WARNED, PASSED, WARNED)).toMatchObject({
      kind: 'convert',
      undecidable: [WARNED, HISTORY],
      verdicts: [],
    });
  });
});

test('a VM that is excluded is left alone with all its disks', () => {
  const plan = decide({ tags: { 'keyturn:exclude': 'Quarter end' } }, [convertible, blocked]);

  expect(plan).toEqual({
    kind: 'skip',
    reason: 'excluded',
    skipped: [
      { diskId: diskId('os'), reason: 'excluded' },
      { diskId: diskId('data-1'), reason: 'excluded' },
    ],
  });
});
