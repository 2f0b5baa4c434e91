import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/config.ts';
import { areOn, CALLS, inAzure, type Run, setIdOf, standing } from '../a-run.ts';

const VMS = [{ name: 'vm-1', dataDisks: 1 }];
const ONCE = { powerState: 'running', deallocations: 1, starts: 1, marked: false };
const OWN = { name: 'des-own', group: 'rg-own', location: 'westeurope', key: 'kv-weu/disks' };

test.for<[code: string, change: (run: Run) => void]>([
  ['PolicyChanged', (run) => run.app.setPolicy(run.policy({ mode: 'report' }))],
  ['PolicyUnusable', (run) => run.app.setPolicy(new ConfigError(['policy.yaml:1: mode is wrong']))],
])('puts no disk onto a set against the policy of the moment: %s', async ([code, change]) => {
  await inAzure({ vms: VMS }, async (run) => {
    run.line.before(CALLS.deallocate, () => change(run));
    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
    expect(run.disksOf().some((disk) => areOn([disk], setIdOf(run.simulator)))).toBe(false);
    const { disks = [] } = (await run.view()).outcome;
    expect(disks.map((disk) => disk.code)).toEqual([code, code]);
  });
});

test('puts no shared disk onto a set when its other VM is excluded after the plan', async () => {
  const build: NonNullable<Parameters<typeof inAzure>[0]['build']> = (estate) => {
    for (const name of ['vm-1', 'vm-2']) estate.addVm({ name, power: 'deallocated' });
    estate.addDisk({ name: 'shared', maxShares: 2, attachedTo: ['vm-1', 'vm-2'] });
  };
  await inAzure({ build }, async (run) => {
    let isExcluded = false;
    run.line.hooks.push(async (_, asked): Promise<'pass'> => {
      if (isExcluded || !asked.startsWith('/keys/')) return 'pass';
      isExcluded = true;
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      const path = `${run.vm('vm-2').id}/providers/Microsoft.Resources/tags/default`;
      const properties = { tags: { 'keyturn:exclude': 'true' } };
      await run.administer('PATCH', path, { operation: 'Merge', properties });
      return 'pass';
    });
    await run.convert(run.vm('vm-1').id);

    expect(isExcluded).toBe(true);
    const { disks = [] } = (await run.view(run.vm('vm-1').id)).outcome;
    const shared = disks.filter(({ diskId }) => diskId.endsWith('/shared'));
    expect(shared.map(({ code }) => code)).toEqual(['PolicyChanged']);
    expect(disks.filter(({ code }) => code !== 'PolicyChanged')).toHaveLength(1);
  });
});

test('leaves a disk on the key that its owner chose while the VM was off', async () => {
  const build: NonNullable<Parameters<typeof inAzure>[0]['build']> = (estate) =>
    estate.addEncryptionSet(OWN);
  await inAzure({ vms: VMS, build }, async (run) => {
    const own = setIdOf(run.simulator)
      .replace('rg-keys', OWN.group)
      .replace('des-westeurope', OWN.name);
    const encryption = { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId: own };
    const data = run.disksOf().find(({ id }) => id.endsWith('data-1'))?.id ?? '';
    let isPut = false;
    run.line.hooks.push(async (_, path): Promise<'pass'> => {
      if (isPut || run.vm().powerState !== 'deallocated' || path !== data) return 'pass';
      isPut = true;
      await run.administer('PATCH', data, { properties: { encryption } });
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      return 'pass';
    });
    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
    const disk = run.disksOf().filter(({ id }) => id === data);
    expect(areOn(disk, own)).toBe(true);
    const { disks = [] } = (await run.view()).outcome;
    expect(disks.find(({ diskId }) => diskId === data)?.code).toBe('OtherCustomerKey');
  });
});

test.for<[code: string, arrange: (run: Run) => void]>([
  ['DeallocationFailed', ({ line }) => line.answer(CALLS.deallocate, 202)],
  [
    'Throttled',
    ({ simulator }) => simulator.faults.throttleNext({ ...CALLS.deallocate, times: 500 }, 60),
  ],
])('leaves a VM running that does not go off: %s', async ([code, arrange]) => {
  await inAzure({ vms: VMS }, async (run) => {
    arrange(run);
    await run.sweep();

    expect(standing(run.vm())).toMatchObject({
      powerState: 'running',
      deallocations: 0,
      marked: false,
    });
    expect((await run.view()).outcome).toMatchObject({ kind: 'failed', vmProblem: code });
  });
});

test.for<[code: string, arrange: (run: Run) => void]>([
  ['StartFailed', ({ line }) => line.answer(CALLS.start, 202)],
  ['StartTimedOut', (run) => run.line.rewrite(CALLS.readVm.path, starting(run), run.direct)],
])('says that a VM is left off which does not start, and why: %s', async ([code, arrange]) => {
  await inAzure({ vms: VMS }, async (run) => {
    arrange(run);
    await run.sweep();

    expect((await run.view()).outcome).toMatchObject({
      kind: 'failed',
      vmProblem: code,
      vmLeftOff: true,
    });
    expect(standing(run.vm()).marked).toBe(true);
  });
});

/** Once it was asked to start, the VM is for ever about to. */
function starting(run: Run) {
  return (body: object): unknown =>
    run.vm().starts === 0
      ? null
      : JSON.parse(JSON.stringify(body).replace('PowerState/running', 'PowerState/starting'));
}
