import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EventSubscription } from '../src/event-grid/delivery.ts';
import { createSimulator } from '../src/simulator.ts';
import { anEndpoint } from './an-endpoint.ts';
import { clientsOf, inVirtualTime } from './clients.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function anAzureWithOneWrite(subscription: EventSubscription) {
  const simulator = createSimulator();
  simulator.estate.addDisk({ name: 'disk-1' });
  simulator.subscribe(subscription);
  const { compute } = clientsOf(simulator);
  const id = `/subscriptions/${simulator.subscriptionId}/resourceGroups/rg-test/providers/Microsoft.Compute/disks/disk-1`;
  // Not by the SDK, whose polls would let time pass.
  const write = () =>
    simulator.handle(
      new Request(`https://management.azure.com${id}?api-version=2024-03-02`, {
        method: 'PATCH',
        headers: { authorization: 'Bearer static', 'content-type': 'application/json' },
        body: JSON.stringify({ tags: { a: '1' } }),
      }),
    );
  return { ...simulator, compute, write };
}

test('a write is told once it is done, without the resource', async () => {
  const { received, subscription } = anEndpoint();
  const { write, truth } = await anAzureWithOneWrite(subscription());

  await write();
  await vi.advanceTimersByTimeAsync(2000);

  expect(received).toHaveLength(1);
  expect(received[0]?.headers.get('aeg-event-type')).toBe('Notification');
  expect(received[0]?.event).toMatchObject({
    eventType: 'Microsoft.Resources.ResourceWriteSuccess',
    subject: expect.stringMatching(/\/resourcegroups\/rg-test\/.*\/disks\/disk-1$/),
    data: { operationName: 'Microsoft.Compute/disks/write', status: 'Succeeded' },
  });
  expect(truth().pendingEvents).toBe(0);
});

test('notifications carry the resource, also as CloudEvents', async () => {
  const { received, subscription } = anEndpoint();
  const { write } = await anAzureWithOneWrite(
    subscription({ kind: 'resource-notifications', schema: 'CloudEventSchemaV1_0' }),
  );

  await write();
  await vi.advanceTimersByTimeAsync(2000);

  expect(received[0]?.event).toMatchObject({
    specversion: '1.0',
    type: 'Microsoft.ResourceNotifications.Resources.CreatedOrUpdated',
    data: { resourceInfo: { name: 'disk-1', tags: { a: '1' } } },
  });
});

test('an action, a failure and a filter', async () => {
  const { received, subscription } = anEndpoint();
  const { compute, estate, faults } = await anAzureWithOneWrite(
    subscription({ operationNames: ['microsoft.compute/virtualmachines/start/ACTION'] }),
  );
  estate.addVm({ name: 'vm-1', power: 'deallocated' });
  faults.failOperationNext({ path: /start$/ }, { code: 'AllocationFailed', message: 'full' });

  await inVirtualTime(compute.virtualMachines.start('rg-test', 'vm-1')).catch(() => {});
  await inVirtualTime(compute.virtualMachines.start('rg-test', 'vm-1'));
  await inVirtualTime(compute.virtualMachines.deallocate('rg-test', 'vm-1'));
  await vi.advanceTimersByTimeAsync(2000);

  expect(received.map(({ event }) => event['eventType'])).toEqual([
    'Microsoft.Resources.ResourceActionFailure',
    'Microsoft.Resources.ResourceActionSuccess',
  ]);
});

test('what is not taken comes again after 10 s, then 30 s, with the same id', async () => {
  const { received, subscription } = anEndpoint([500, 503]);
  const { write, truth } = await anAzureWithOneWrite(subscription());

  await write();
  await vi.advanceTimersByTimeAsync(2000);
  expect(received).toHaveLength(1);
  expect(truth().pendingEvents).toBe(1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(received).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(30_000);

  expect(received.map(({ headers }) => headers.get('aeg-delivery-count'))).toEqual(['0', '1', '2']);
  expect(new Set(received.map(({ event }) => event['id'])).size).toBe(1);
  expect(truth().pendingEvents).toBe(0);
});

test('events are lost and repeated on order; a 400 is not tried again', async () => {
  const { received, subscription } = anEndpoint([400]);
  const { write, faults, truth } = await anAzureWithOneWrite(subscription());

  faults.loseNextEvent({ path: /disk-1/ });
  await write();
  await vi.advanceTimersByTimeAsync(2000);
  expect(received).toHaveLength(0);
  faults.repeatNextEvent({ path: /disk-1/ });
  await write();
  await vi.advanceTimersByTimeAsync(60_000);

  expect(received).toHaveLength(2);
  expect(truth().pendingEvents).toBe(0);
});

test('an endpoint that fails its validation gets nothing', async () => {
  const deliver = async () => new Response('no', { status: 404 });
  const { subscription } = anEndpoint();
  const { write, truth } = await anAzureWithOneWrite(subscription({ deliver }));

  await write();
  await vi.advanceTimersByTimeAsync(2000);

  expect(truth().subscriptions).toEqual([{ name: 'test', state: 'refused' }]);
  expect(truth().pendingEvents).toBe(0);
});

test('a resource that appears behind the scenes can be announced', async () => {
  const { received, subscription } = anEndpoint();
  const { estate, announce } = await anAzureWithOneWrite(subscription());

  announce(estate.addVm({ name: 'vm-new' }));
  await vi.advanceTimersByTimeAsync(2000);

  expect(received[0]?.event).toMatchObject({
    data: { operationName: 'Microsoft.Compute/virtualMachines/write' },
  });
});
