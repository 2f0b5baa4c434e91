import { expect, test } from 'vitest';
import { EVERYTHING } from '../../../src/domain/turn/stop-scope.ts';
import { areOn, CALLS, inAzure, type Run, setIdOf, standing } from '../a-run.ts';

const UNTOUCHED = { powerState: 'running', deallocations: 0, starts: 0, marked: false };
const ONCE = { powerState: 'running', deallocations: 1, starts: 1, marked: false };
const NO_ACCESS = {
  status: 400,
  code: 'KeyVaultAccessForbidden',
  message: 'Unable to access key.',
};

function stopEverything({ app, time }: Run): Promise<void> {
  const stop = { scope: EVERYTHING, by: 'anna', reason: 'change freeze', atMs: time.now() };
  return app.store.stops.set(stop);
}

test('switches nothing off while everything is stopped, and goes on afterwards', async () => {
  const build = (estate: Run['simulator']['estate']) => estate.addDisk({ name: 'loose' });
  await inAzure({ vms: [{ name: 'vm-1' }], build }, async (run) => {
    await stopEverything(run);
    await run.sweep();
    expect(standing(run.vm())).toEqual(UNTOUCHED);
    expect((await run.view()).outcome).toMatchObject({ kind: 'deferred', reason: 'stop-standing' });
    expect(run.simulator.truth().disks.every((disk) => disk.diskEncryptionSetId === null)).toBe(
      true,
    );

    await run.app.store.stops.clear(EVERYTHING);
    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
    expect(areOn(run.simulator.truth().disks, setIdOf(run.simulator))).toBe(true);
  });
});

test('a stop counts until the very call that would switch the VM off', async () => {
  await inAzure({ vms: [{ name: 'vm-1' }] }, async (run) => {
    run.line.before(CALLS.mark, () => stopEverything(run));
    await run.sweep();

    expect(standing(run.vm())).toEqual(UNTOUCHED);
    expect(await run.app.store.leases.list()).toEqual([]);
  });
});

test('a VM that is off when everything is stopped is finished and started', async () => {
  await inAzure({ vms: [{ name: 'vm-1', dataDisks: 2 }, { name: 'vm-2' }] }, async (run) => {
    const caps = { ...run.policy({}).caps, vms: 1 };
    run.app.setPolicy(run.policy({ caps }));
    run.line.before(CALLS.encrypt, () => stopEverything(run));

    await run.sweep();

    const [first, second] = [run.vm('vm-1'), run.vm('vm-2')].toSorted(
      (a, b) => b.deallocations - a.deallocations,
    );
    expect(first && standing(first)).toEqual(ONCE);
    expect(second && standing(second)).toEqual(UNTOUCHED);
    expect(areOn(run.disksOf(first?.name), setIdOf(run.simulator))).toBe(true);
  });
});

test('a key that Azure may not use stops its set for all VMs, and no other set', async () => {
  const vms = [{ name: 'vm-1' }, { name: 'vm-2' }, { name: 'vm-north', location: 'northeurope' }];
  await inAzure({ vms }, async (run) => {
    run.app.setPolicy(run.policy({ caps: { ...run.policy({}).caps, perRegion: 1 } }));
    run.simulator.faults.refuseNext({ method: 'PATCH', path: /\/disks\/vm-[12]/ }, NO_ACCESS);

    await run.sweep();

    expect(standing(run.vm('vm-north'))).toEqual(ONCE);
    expect(areOn(run.disksOf('vm-north'), setIdOf(run.simulator, 'northeurope'))).toBe(true);
    const west = [run.vm('vm-1'), run.vm('vm-2')].map(standing);
    expect(west).toContainEqual(ONCE);
    expect(west).toContainEqual(UNTOUCHED);
    const [stop] = await run.app.store.stops.read();
    expect(stop).toMatchObject({ by: 'keyturn', reason: expect.stringContaining(NO_ACCESS.code) });
    expect(stop?.scope.toLowerCase()).toBe(setIdOf(run.simulator).toLowerCase());
  });
});

test('does nothing at all when more is eligible than the policy allows', async () => {
  const vms = [{ name: 'vm-1' }, { name: 'vm-2' }, { name: 'vm-3' }];
  await inAzure({ vms, policy: { maxResources: 2 } }, async (run) => {
    run.app.connectEvents();
    await run.sweep();
    for (const { id } of run.simulator.truth().vms) run.simulator.announce(id);
    await run.time.advance(600_000);
    expect(run.simulator.truth().vms.map(standing)).toEqual(vms.map(() => UNTOUCHED));

    run.app.setPolicy(run.policy({ maxResources: 3 }));
    await run.sweep();

    expect(run.simulator.truth().vms.map(standing)).toEqual(vms.map(() => ONCE));
    expect(await run.app.store.stops.read()).toEqual([]);
  });
});

test('takes a share of all VMs and disks for a limit as well', async () => {
  const vms = [{ name: 'vm-1' }, { name: 'vm-2' }];
  await inAzure({ vms, policy: { maxPercent: 50 } }, async (run) => {
    await run.sweep();
    expect(run.simulator.truth().vms.map(standing)).toEqual(vms.map(() => UNTOUCHED));

    for (const name of ['done-1', 'done-2']) {
      run.simulator.estate.addDisk({ name, encryptionSet: 'des-westeurope' });
    }
    await run.sweep();

    expect(run.simulator.truth().vms.map(standing)).toEqual(vms.map(() => ONCE));
  });
});

test('begins nothing more after as many failures as the policy allows', async () => {
  const vms = [1, 2, 3, 4].map((number) => ({ name: `vm-${number}` }));
  await inAzure({ vms }, async (run) => {
    const caps = { ...run.policy({}).caps, vms: 1 };
    run.app.setPolicy(run.policy({ caps, stopAfterFailures: 2 }));
    const refusal = { status: 409, code: 'PropertyChangeNotAllowed', message: 'No.' };
    run.simulator.faults.refuseNext({ ...CALLS.encrypt, times: 9 }, refusal);

    await run.sweep();

    const { vms: seen } = run.simulator.truth();
    expect(seen.filter(({ deallocations }) => deallocations > 0)).toHaveLength(2);
    expect(seen.every(({ powerState }) => powerState === 'running')).toBe(true);
    expect(await run.app.store.stops.read()).toMatchObject([{ scope: EVERYTHING, by: 'keyturn' }]);

    // After a person resumed, the failures before that count no more.
    await run.app.store.stops.clear(EVERYTHING);
    run.simulator.faults.clear();
    run.simulator.faults.refuseNext(CALLS.encrypt, refusal);
    await run.sweep();
    expect(run.simulator.truth().vms.every(({ deallocations }) => deallocations === 1)).toBe(true);
    expect(await run.app.store.stops.read()).toEqual([]);
  });
});

test('does not count what failed without a VM being switched off', async () => {
  const build = (estate: Run['simulator']['estate']): void => {
    for (const name of ['loose-1', 'loose-2', 'loose-3']) estate.addDisk({ name });
  };
  const vms = [{ name: 'vm-1' }, { name: 'vm-off', power: 'deallocated' as const }];
  await inAzure({ vms, build, policy: { stopAfterFailures: 1 } }, async (run) => {
    const refusal = { status: 409, code: 'OperationNotAllowed', message: 'It has restore points.' };
    const others = /\/disks\/(loose|vm-off)[^/]*$/;
    run.simulator.faults.refuseNext({ method: 'PATCH', path: others, times: 9 }, refusal);
    await run.sweep();

    const failed = await run.app.store.journal.find({ outcome: 'failed' }, { top: 9, token: null });
    expect(failed?.records).toHaveLength(4);
    expect(await run.app.store.stops.read()).toEqual([]);
    expect(standing(run.vm('vm-1'))).toEqual(ONCE);
  });
});

test("a person's stop outlives the one that keyturn set before it", async () => {
  const vms = [{ name: 'vm-1' }, { name: 'vm-2' }, { name: 'vm-3' }];
  await inAzure({ vms, policy: { maxResources: 2 } }, async (run) => {
    await run.sweep();
    await stopEverything(run);
    run.app.setPolicy(run.policy({ maxResources: 3 }));
    await run.sweep();

    expect(run.simulator.truth().vms.map(standing)).toEqual(vms.map(() => UNTOUCHED));
    expect(await run.app.store.stops.read()).toMatchObject([{ by: 'anna' }]);
  });
});
