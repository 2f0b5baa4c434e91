import type { VmDescription } from '@keyturn/azure-simulator/estate-description';
import { expect, test } from 'vitest';
import { setsByRegion } from '../../support/builders.ts';
import {
  areOn,
  inAzure,
  type Outcome,
  type Run,
  type RunOptions,
  setIdOf,
  standing,
} from '../a-run.ts';

const CONVERTED = { powerState: 'running', deallocations: 1, starts: 1, marked: false };

test.for([1, 3, 6])('converts a running VM with %i disks in one outage', async (disks) => {
  await inAzure({ vms: [{ name: 'vm-1', dataDisks: disks - 1 }] }, async (run) => {
    await run.convert(run.vm().id);

    expect(standing(run.vm())).toEqual(CONVERTED);
    expect(run.disksOf()).toHaveLength(disks);
    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
    const { outcome, status } = await run.view();
    expect(outcome).toMatchObject({ kind: 'converted', deallocated: true, vmLeftOff: false });
    expect(outcome.disks).toHaveLength(disks);
    expect(status).toBe('Succeeded');
  });
});

test.for<[what: string, vm: Partial<VmDescription>]>([
  ['of a flexible scale set', { scaleSet: 'vmss-flex' }],
  ['of an availability set', { availabilitySet: 'avail' }],
  ['with encryption at host', { encryptionAtHost: true }],
  ['in a zone', { zones: ['1'] }],
  [
    'with Premium SSD v2 and Ultra',
    { dataDisks: [{ sku: 'PremiumV2_LRS' }, { sku: 'UltraSSD_LRS' }] },
  ],
  ['with Windows', { os: 'Windows' }],
  ['with tags of its own', { tags: { owner: 'erp', 'keyturn:note': 'x' } }],
])('converts a VM %s', async ([, vm]) => {
  await inAzure({ vms: [{ name: 'vm-1', ...vm }] }, async (run) => {
    await run.sweep();

    expect(standing(run.vm())).toEqual(CONVERTED);
    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
    expect(run.vm().tags).toEqual(vm.tags ?? {});
  });
});

test('converts a shared disk when all VMs that share it are off', async () => {
  const vms = ['vm-1', 'vm-2'].map((name) => ({ name, power: 'deallocated' as const }));
  const build: RunOptions['build'] = (estate) =>
    estate.addDisk({ name: 'shared', maxShares: 2, attachedTo: ['vm-1', 'vm-2'] });
  await inAzure({ vms, build }, async (run) => {
    await run.sweep();

    expect(areOn(run.simulator.truth().disks, setIdOf(run.simulator))).toBe(true);
    for (const name of ['vm-1', 'vm-2']) {
      expect((await run.view(run.vm(name).id)).outcome.kind).toBe('converted');
      expect(run.vm(name).powerState).toBe('deallocated');
    }
  });
});

test("gives disks their set's own type: double encryption stays double", async () => {
  const type = 'EncryptionAtRestWithPlatformAndCustomerKeys';
  await inAzure(
    {
      vms: [{ name: 'vm-1', dataDisks: 1 }],
      build: (estate) => estate.addEncryptionSet({ name: 'des-double', encryptionType: type }),
    },
    async (run) => {
      const set = setIdOf(run.simulator).replace(/rg-keys.*/, (path) =>
        path.replace('rg-keys', 'rg-test').replace(/des-.*/, 'des-double'),
      );
      run.app.setPolicy(run.policy({ encryptionSets: setsByRegion({ westeurope: set }) }));

      await run.sweep();

      expect(areOn(run.disksOf(), set, type)).toBe(true);
      expect(standing(run.vm())).toEqual(CONVERTED);
    },
  );
});

test('gives each region its own set', async () => {
  const vms = [{ name: 'vm-1' }, { name: 'vm-2', group: 'rg-n', location: 'northeurope' }];
  await inAzure({ vms }, async (run) => {
    await run.sweep();

    expect(areOn(run.disksOf('vm-1'), setIdOf(run.simulator))).toBe(true);
    expect(areOn(run.disksOf('vm-2'), setIdOf(run.simulator, 'northeurope'))).toBe(true);
  });
});

test('converts a deallocated VM in place and leaves it off', async () => {
  const vms = [{ name: 'vm-1', dataDisks: 2, power: 'deallocated' as const }];
  await inAzure({ vms }, async (run) => {
    await run.sweep();

    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
    expect(standing(run.vm())).toEqual({
      powerState: 'deallocated',
      deallocations: 0,
      starts: 0,
      marked: false,
    });
    const asked = run.line.requests.filter(
      ({ path }) => !/ResourceGraph|checkPolicyRestrictions/.test(path),
    );
    expect(asked.filter(({ method }) => method === 'POST')).toEqual([]);
    expect((await run.view()).outcome).toMatchObject({ kind: 'converted', deallocated: false });
  });
});

test('converts what can be of a deallocated VM, and says what kept the rest', async () => {
  const vms = [{ name: 'vm-1', power: 'deallocated' as const, dataDisks: 2 }];
  const build: RunOptions['build'] = (estate) =>
    estate.addSnapshot({ name: 'snap', disk: 'vm-1-data-2' });
  await inAzure({ vms, build }, async (run) => {
    await run.sweep();

    const { outcome } = await run.view();
    expect(outcome.disks).toHaveLength(2);
    expect(codesOf(outcome)).toContain('incremental-snapshots');
    expect(outcome.skipped?.map(({ reason }) => reason)).toEqual(['incremental-snapshots']);
  });
});

test('converts a disk that no VM holds in place', async () => {
  await inAzure({ build: (estate) => estate.addDisk({ name: 'loose' }) }, async (run) => {
    await run.sweep();

    const { disks } = run.simulator.truth();
    expect(areOn(disks, setIdOf(run.simulator))).toBe(true);
    expect((await run.view(disks[0]?.id)).outcome).toMatchObject({ kind: 'converted' });
  });
});

test('leaves a VM whose disks are all converted alone, with few calls', async () => {
  const onSet = { encryptionSet: 'des-westeurope' };
  const vms = [{ name: 'vm-1', osDisk: onSet, dataDisks: [onSet] }];
  await inAzure({ vms }, async (run) => {
    await run.convert(run.vm().id);

    expect(run.vm().deallocations).toBe(0);
    expect(run.line.requests).toHaveLength(3);
    expect((await run.view()).outcome).toMatchObject({
      kind: 'skipped',
      reason: 'nothing-to-convert',
    });
  });
});

test('converts a disk that was attached while the conversion ran', async () => {
  await inAzure(
    {
      vms: [{ name: 'vm-1', dataDisks: 1 }],
      build: (estate) => estate.addDisk({ name: 'late' }),
    },
    async (run) => {
      const late = run.simulator.truth().disks.find(({ id }) => id.endsWith('/late'))?.id ?? '';
      run.line.before({ method: 'POST', path: /\/start$/ }, () =>
        run.simulator.estate.attach(late, 'vm-1'),
      );

      await run.convert(run.vm().id);

      expect(run.disksOf()).toHaveLength(3);
      expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
      expect(standing(run.vm())).toMatchObject({ powerState: 'running', marked: false });
      expect((await run.view()).outcome.disks).toHaveLength(3);
    },
  );
});

function codesOf({ kind, reason, verdicts = [], skipped = [] }: Outcome): readonly unknown[] {
  return [kind, reason, ...verdicts.map(({ code }) => code), ...skipped.map((each) => each.reason)];
}

test('converts a disk that alone is exempt from a policy which denies the set', async () => {
  const rule =
    '{"if":{"field":"Microsoft.Compute/disks/encryption.diskEncryptionSetId","exists":"true"},"then":{"effect":"deny"}}';
  const build = (estate: Run['simulator']['estate']) => {
    estate.addDisk({ name: 'loose-1' });
    estate.addDisk({ name: 'loose-2' });
    const policyRule = JSON.parse(rule);
    estate.addPolicyDefinition({ name: 'no-sets', policyRule });
    estate.addPolicyAssignment({ name: 'no-sets', policy: 'no-sets' });
  };
  await inAzure({ build }, async (run) => {
    const [scope = '', other = ''] = run.simulator.truth().disks.map(({ id }) => id);
    run.simulator.estate.addPolicyExemption({ name: 'e', assignment: 'no-sets', scope });
    await run.sweep();

    const { disks } = run.simulator.truth();
    expect(disks.map(({ diskEncryptionSetId }) => diskEncryptionSetId !== null)).toEqual([
      true,
      false,
    ]);
    expect((await run.view(other)).outcome.verdicts).toMatchObject([{ code: 'denied-by-policy' }]);
  });
});

test('converts a VM of a flexible scale set like any other', async () => {
  const vms = [{ name: 'vm-1', scaleSet: 'vmss-flex', dataDisks: 1 }];
  await inAzure({ vms }, async (run) => {
    await run.sweep();

    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
    expect(standing(run.vm())).toMatchObject({ powerState: 'running', deallocations: 1 });
  });
});

test('leaves a shared disk alone as long as one of its VMs is excluded', async () => {
  const build = (estate: Run['simulator']['estate']) => {
    estate.addVm({ name: 'vm-1', power: 'deallocated' });
    estate.addVm({ name: 'vm-2', power: 'deallocated', tags: { 'keyturn:exclude': 'true' } });
    estate.addDisk({ name: 'shared', maxShares: 2, attachedTo: ['vm-1', 'vm-2'] });
  };
  await inAzure({ build }, async (run) => {
    await run.convert(run.vm('vm-1').id);
    const { outcome } = await run.view(run.vm('vm-1').id);
    const first = setOfShared(run);
    await run.administer('PATCH', `${run.vm('vm-2').id}`, { tags: {} });
    await run.time.advance(5 * 60_000);
    await run.convert(run.vm('vm-1').id);

    expect(first).toBeNull();
    expect(outcome).toMatchObject({
      kind: 'converted',
      skipped: [{ reason: 'excluded', diskId: expect.stringContaining('/shared') }],
    });
    expect(setOfShared(run)?.toLowerCase()).toBe(setIdOf(run.simulator).toLowerCase());
  });
});

test('converts a shared disk as soon as all its VMs are deallocated', async () => {
  const build = (estate: Run['simulator']['estate']) => {
    for (const name of ['vm-1', 'vm-2']) estate.addVm({ name });
    estate.addDisk({ name: 'shared', maxShares: 2, attachedTo: ['vm-1', 'vm-2'] });
  };
  await inAzure({ build }, async (run) => {
    await run.administer('POST', `${run.vm('vm-1').id}/deallocate`);
    await run.time.advance(5 * 60_000);
    await run.convert(run.vm('vm-1').id);
    const first = setOfShared(run);
    await run.administer('POST', `${run.vm('vm-2').id}/deallocate`);
    await run.time.advance(5 * 60_000);
    await run.convert(run.vm('vm-1').id);
    const second = setOfShared(run);

    expect(first).toBeNull();
    expect(second?.toLowerCase()).toBe(setIdOf(run.simulator).toLowerCase());
  });
});

function setOfShared({ simulator }: Run) {
  const shared = simulator.truth().disks.find(({ id }) => id.endsWith('/shared'));
  return shared ? shared.diskEncryptionSetId : 'no such disk';
}
