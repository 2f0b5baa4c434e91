import { RestError } from '@azure/core-rest-pipeline';
import { expect, test } from 'vitest';
import { instanceIdFor } from '../../../src/durable/instance-id.ts';
import { CALLS, HOUR_MS, inAzure, MINUTE_MS, type Run } from '../a-run.ts';

const VMS = [{ name: 'vm-1', dataDisks: 1 }];
const LATE_MS = 5 * MINUTE_MS;

/** Every activity that writes, to Azure, the store or instances. */
const WRITERS = [
  'beginRecord',
  'closeRecords',
  'deallocateVm',
  'encryptDisks',
  'endRecord',
  'markVm',
  'releaseLease',
  'startInstances',
  'startVm',
  'takeLease',
  'unmarkVm',
];

async function stateOf({ app, vm, disksOf }: Run): Promise<unknown> {
  const { powerState, tags, deallocations, starts } = vm();
  const page = await app.store.journal.find({}, { top: 50, token: null });
  return {
    vm: { powerState, tags, deallocations, starts },
    disks: disksOf().map(({ encryptionType }) => encryptionType),
    records: page?.records.map(({ id, outcome, endedAt }) => ({ id, outcome, endedAt })),
    leases: await app.store.leases.list(),
    attempt: await app.store.attempts.find(instanceIdFor('vm', vm().id)),
    queue: await app.store.queue.list(),
    stops: await app.store.stops.read(),
  };
}

test.for(WRITERS)(
  '%s, delivered again minutes after its conversion has ended, changes nothing',
  async (name) => {
    let isOn = true;
    const redeliverAfter = (activity: string) => (isOn && activity === name ? LATE_MS : null);
    await inAzure({ vms: VMS, redeliverAfter }, async (run) => {
      await run.convert(run.vm().id);
      isOn = false;
      const { outcome } = await run.view();
      // Its power state is its owner's again.
      await run.administer('POST', `${run.vm().id}/deallocate`);
      await run.time.advance(MINUTE_MS);
      const before = await stateOf(run);

      await run.time.advance(2 * LATE_MS);

      expect(await stateOf(run)).toEqual(before);
      expect(run.vm().powerState).toBe('deallocated');
      expect((await run.view()).outcome).toEqual(outcome);
      expect(outcome.kind).toBe('converted');
    });
  },
);

test.for(WRITERS)(
  '%s, delivered again while the next conversion of the VM is under way, does it no harm',
  async (name) => {
    let isOn = true;
    const redeliverAfter = (activity: string) => (isOn && activity === name ? LATE_MS : null);
    await inAzure({ vms: VMS, redeliverAfter }, async (run) => {
      const began = Date.now();
      await run.convert(run.vm().id);
      isOn = false;
      run.simulator.estate.addDisk({ name: 'more' });
      const dataDisks = [
        { lun: 0, createOption: 'Attach', managedDisk: { id: idOf(run, 'vm-1-data-1') } },
        { lun: 1, createOption: 'Attach', managedDisk: { id: idOf(run, 'more') } },
      ];
      await run.administer('PATCH', run.vm().id, { properties: { storageProfile: { dataDisks } } });
      // So that what comes again finds it off.
      await run.time.advance(LATE_MS - 20_000 - (Date.now() - began));

      await run.convert(run.vm().id);
      await run.time.advance(10 * MINUTE_MS);

      expect(run.vm()).toMatchObject({ powerState: 'running', deallocations: 2, starts: 2 });
      expect('keyturn:off-by' in run.vm().tags).toBe(false);
      expect((await run.view()).outcome).toMatchObject({ kind: 'converted', deallocated: true });
      expect(run.disksOf().map(({ encryptionType }) => encryptionType)).toEqual(
        Array(3).fill('EncryptionAtRestWithCustomerKey'),
      );
      expect(await run.app.store.leases.list()).toEqual([]);
    });
  },
);

test.for(['closeRecords', 'releaseLease', 'startInstances', 'startVm', 'unmarkVm'])(
  '%s of a restoration, delivered again while the next conversion has the VM off, does it no harm',
  async (name) => {
    let toldAt = 0;
    let isOn = false;
    const redeliverAfter = (activity: string) => {
      if (!isOn || activity !== name) return null;
      toldAt = Date.now();
      return LATE_MS;
    };
    const options = { vms: VMS, redeliverAfter, restorationSchedule: '0 0 0 1 1 *' };
    await inAzure(options, async (run) => {
      await leftOff(run);
      isOn = true;
      await run.app.runSweep();
      await run.time.runUntil(() => run.vm().powerState === 'running' && toldAt > 0, HOUR_MS);
      await run.time.advance(5_000);
      isOn = false;
      await run.time.advance(LATE_MS - 30_000 - (Date.now() - toldAt));
      await run.app.ask('POST', '/api/conversions', { target: run.vm().id });
      await run.time.runUntil(() => run.vm().powerState === 'deallocated', HOUR_MS);
      expect(Date.now()).toBeLessThan(toldAt + LATE_MS);

      await run.time.advance(10 * MINUTE_MS);

      expect(run.vm()).toMatchObject({ powerState: 'running', deallocations: 2, starts: 2 });
      expect('keyturn:off-by' in run.vm().tags).toBe(false);
      expect((await run.view()).outcome).toMatchObject({ kind: 'converted', deallocated: true });
      const page = await run.app.store.journal.find({}, { top: 50, token: null });
      expect(page?.records.map(({ outcome }) => outcome)).toEqual(['converted', 'restored']);
      expect(await run.app.store.leases.list()).toEqual([]);
    });
  },
);

/** A conversion that is terminated before it has changed a disk, and its VM off. */
async function leftOff(run: Run): Promise<void> {
  let isDead = false;
  let isOver = false;
  run.line.hooks.push(async ({ method }, path): Promise<'pass'> => {
    if (isOver || method !== CALLS.encrypt.method || !CALLS.encrypt.path.test(path)) return 'pass';
    const instance = `instances/${instanceIdFor('vm', run.vm().id)}`;
    const end = `/runtime/webhooks/durabletask/${instance}/terminate?reason=test`;
    if (!isDead) await run.app.ask('POST', end);
    isDead = true;
    throw new RestError('connect ECONNREFUSED', { code: 'ECONNREFUSED' });
  });
  await run.app.ask('POST', '/api/conversions', { target: run.vm().id });
  await run.time.advance(3 * MINUTE_MS);
  isOver = true;
  expect(run.vm().powerState).toBe('deallocated');
}

function idOf({ simulator }: Run, name: string): string {
  return simulator.truth().disks.find(({ id }) => id.endsWith(`/${name}`))?.id ?? '';
}
