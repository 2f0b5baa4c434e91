import { expect, test } from 'vitest';
import { aScope } from '../../support/builders.ts';
import {
  areOn,
  CALLS,
  HOUR_MS,
  inAzure,
  MINUTE_MS,
  type Run,
  setIdOf,
  standing,
} from '../a-run.ts';

const VMS = [{ name: 'vm-1', dataDisks: 4 }];
const ONCE = { powerState: 'running', deallocations: 1, starts: 1, marked: false };

test('ends a burst of events in both schemas, repeated and reordered, in one outage', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    run.app.connectEvents();
    listenToNotifications(run);
    run.simulator.faults.repeatNextEvent({ path: /./, times: 6 }, 3);
    for (let round = 0; round < 4; round += 1) {
      for (const { id } of run.disksOf().toReversed()) run.simulator.announce(id);
    }

    await run.time.advance(HOUR_MS);

    expect(standing(run.vm())).toEqual(ONCE);
    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
    expect((await run.app.conversions()).filter(({ kind }) => kind === 'vm')).toHaveLength(1);
  });
});

test('finds by the sweep what events lost', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    run.app.connectEvents();
    run.simulator.faults.loseNextEvent({ path: /./, times: 50 });
    for (const { id } of run.disksOf()) run.simulator.announce(id);
    await run.time.advance(HOUR_MS);
    const before = run.vm().deallocations;

    await run.sweep();

    expect([before, run.vm().deallocations]).toEqual([0, 1]);
    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
  });
});

test('starts no second conversion for the events of its own calls', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    run.app.connectEvents();
    listenToNotifications(run);
    const asked = await run.app.ask('POST', '/api/conversions', { target: run.vm().id });
    expect(asked.status).toBe(202);

    await run.time.advance(HOUR_MS);

    expect(standing(run.vm())).toEqual(ONCE);
    const { createdAt, outcome } = await run.view();
    expect(createdAt).toBe(new Date(run.time.now() - HOUR_MS).toISOString());
    expect(outcome.kind).toBe('converted');
  });
});

test.for([1, 2, 3, 4, 5])(
  'keeps the outcome when its own events find a disk that must stay (seed %i)',
  async (seed) => {
    const mustStay = { tags: { 'kubernetes.io-created-for-pvc-name': 'x' } };
    await inAzure({ seed, vms: [{ name: 'vm-1', dataDisks: [mustStay, {}] }] }, async (run) => {
      run.app.connectEvents();
      listenToNotifications(run);
      await run.convert(run.vm().id);
      await run.time.advance(10 * MINUTE_MS);

      expect(standing(run.vm())).toEqual(ONCE);
      expect((await run.view()).outcome).toMatchObject({ kind: 'converted' });
      const { subscriptions } = run.simulator.truth();
      expect(subscriptions.every(({ state }) => state === 'active')).toBe(true);
    });
  },
);

test('converts a disk that was attached after the conversion, by its event', async () => {
  await inAzure({ vms: VMS, build: (estate) => estate.addDisk({ name: 'late' }) }, async (run) => {
    run.app.connectEvents();
    await run.convert(run.vm().id);
    const late = run.simulator.truth().disks.find(({ id }) => id.endsWith('/late'))?.id ?? '';

    run.simulator.estate.attach(late, 'vm-1');
    run.simulator.announce(run.vm().id);
    await run.time.advance(HOUR_MS);

    expect(run.disksOf()).toHaveLength(6);
    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
    expect(standing(run.vm())).toMatchObject({ powerState: 'running', marked: false });
  });
});

test('converts a VM that its owner switched off, at once and in place', async () => {
  await inAzure({ vms: VMS, policy: { mayDeallocate: false } }, async (run) => {
    run.app.connectEvents();

    await run.administer('POST', `${run.vm().id}/deallocate`);
    await run.time.advance(HOUR_MS);

    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
    expect(standing(run.vm())).toMatchObject({ powerState: 'deallocated', starts: 0 });
  });
});

const SUB = '/subscriptions/5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30';
const OTHER = '/subscriptions/dd7c2f5b-6a7e-4d0f-9c3e-7f1a2b3c4d5e';
const COMPUTE = 'providers/Microsoft.Compute';
const WRITTEN = 'Microsoft.Resources.ResourceWriteSuccess';
const WRITE = 'Microsoft.Compute/disks/write';

function anEvent(resourceUri: unknown, operationName: unknown = WRITE, eventType = WRITTEN) {
  return { id: 'e-1', eventType, subject: resourceUri, data: { resourceUri, operationName } };
}

const DISK = `${SUB}/resourceGroups/rg-test/${COMPUTE}/disks/vm-1-data-1`;

test.for<[what: string, event: object, func?: string]>([
  ['another subscription', anEvent(`${OTHER}/resourceGroups/rg-test/${COMPUTE}/disks/d`)],
  ['another group', anEvent(`${SUB}/resourceGroups/rg-else/${COMPUTE}/disks/d`)],
  ['a path that climbs', anEvent(`${SUB}/resourceGroups/rg-test/../rg-else/${COMPUTE}/disks/d`)],
  ['dots for a name', anEvent(`${SUB}/resourceGroups/rg-test/${COMPUTE}/disks/..`)],
  ['encoded slashes', anEvent(`${SUB}/resourceGroups/rg-test/${COMPUTE}/disks/a%2f..%2fb`)],
  ['a query', anEvent(`${DISK}?x=1`)],
  ['a fragment', anEvent(`${DISK}#x`)],
  ['a line break', anEvent(`${DISK}\nx`)],
  ['a snapshot', anEvent(`${SUB}/resourceGroups/rg-test/${COMPUTE}/snapshots/s`)],
  ['a child resource', anEvent(`${DISK}/x/y`)],
  ['a number', anEvent(7)],
  ['an enormous ID', anEvent(`${DISK}${'x'.repeat(100_000)}`)],
  ['a deletion', anEvent(DISK, 'Microsoft.Compute/disks/delete')],
  ['another operation', anEvent(DISK, 'constructor')],
  ['another type', anEvent(DISK, WRITE, 'Microsoft.Storage.BlobCreated')],
  ['a failed write', anEvent(DISK, WRITE, 'Microsoft.Resources.ResourceWriteFailure')],
  ['a start', anEvent(DISK, 'Microsoft.Compute/virtualMachines/start/action')],
  ['no data', { id: 'e-1', eventType: WRITTEN }],
  ['a disk, at the function for VMs', anEvent(DISK), 'onVmWritten'],
  ['an empty ID', { ...anEvent(DISK), id: '' }],
  ['an enormous event ID', { ...anEvent(DISK), id: 'x'.repeat(10_000) }],
  ['a long s for an s', anEvent(DISK.replace('disks', 'di\u017fks'))],
])('takes no notice of an event of %s', async ([, event, name = 'onDiskWritten']) => {
  const scope = [aScope(SUB.slice(15), { resourceGroups: ['rg-test'] })];
  await inAzure({ vms: VMS, policy: { scope } }, async (run) => {
    const response = await deliver(run, name, event);
    await run.time.advance(MINUTE_MS);

    expect(response.status).toBe(202);
    expect(run.line.requests).toEqual([]);
    expect(await instances(run)).toEqual([]);
  });
});

test('has one orchestration look per event, however often it is delivered', async () => {
  await inAzure({ vms: VMS, policy: { mayDeallocate: false } }, async (run) => {
    for (let copies = 0; copies < 5; copies += 1)
      await deliver(run, 'onDiskWritten', anEvent(DISK));
    await run.time.advance(MINUTE_MS);

    const names = (await instances(run)).map(({ name }) => name);
    expect(names.sort()).toEqual(['convertVm', 'noticeChange']);
  });
});

test('loses no event to an outage for good: the sweep comes after it', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    run.app.connectEvents();
    run.line.before(CALLS.readDisk, () => run.line.cutFor(30 * MINUTE_MS));
    run.simulator.announce(run.disksOf()[0]?.id ?? '');
    await run.time.advance(HOUR_MS);

    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
  });
});

function deliver({ app }: Run, name: string, event: object): Promise<Response> {
  const url = `${app.host.url}/runtime/webhooks/eventgrid?functionName=${name}`;
  const headers = { 'aeg-event-type': 'Notification', 'content-type': 'application/json' };
  return app.host.request(
    new Request(url, { method: 'POST', headers, body: JSON.stringify([event]) }),
  );
}

async function instances({ app }: Run): Promise<readonly { readonly name: string }[]> {
  const { body } = await app.ask('GET', '/runtime/webhooks/durabletask/instances');
  return body as readonly { readonly name: string }[];
}

/** The other topic, in the other schema. */
function listenToNotifications({ app, simulator }: Run): void {
  for (const name of ['onDiskWritten', 'onVmWritten']) {
    for (const schema of ['CloudEventSchemaV1_0', 'EventGridSchema'] as const) {
      simulator.subscribe({
        name: `${name}-${schema}`,
        kind: 'resource-notifications',
        schema,
        endpointUrl: `${app.host.url}/runtime/webhooks/eventgrid?functionName=${name}`,
        deliver: (request) => app.host.request(request),
      });
    }
  }
}
