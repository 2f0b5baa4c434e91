import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Exchange } from '../src/gateway.ts';
import { createSimulator } from '../src/simulator.ts';
import { clientsOf, inVirtualTime, refusal } from './clients.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a deallocation takes effect when it ends, not when it is accepted', async () => {
  const simulator = createSimulator();
  simulator.estate.addVm({ name: 'vm-1', dataDisks: 1 });
  const { compute } = clientsOf(simulator);

  const deallocation = compute.virtualMachines.deallocate('rg-test', 'vm-1');
  await vi.advanceTimersByTimeAsync(1000);
  const during = await compute.virtualMachines.instanceView('rg-test', 'vm-1');
  const diskDuring = await compute.disks.get('rg-test', 'vm-1-data-1');
  await inVirtualTime(deallocation);

  expect(during.statuses?.map(({ code }) => code)).toContain('PowerState/deallocating');
  expect(diskDuring.diskState).toBe('Attached');
  const after = await compute.virtualMachines.get('rg-test', 'vm-1', { expand: 'instanceView' });
  expect(after.instanceView?.statuses?.at(-1)?.code).toBe('PowerState/deallocated');
  expect(after.instanceView?.vmAgent).toBeUndefined();
  expect(after.storageProfile?.osDisk?.diskSizeGB).toBeUndefined();
  expect((await compute.disks.get('rg-test', 'vm-1-data-1')).diskState).toBe('Reserved');
});

test('the polling URLs are signed and Retry-After is 10, then 36', async () => {
  const exchanges: Exchange[] = [];
  const simulator = createSimulator({ record: (exchange) => exchanges.push(exchange) });
  simulator.estate.addVm({ name: 'vm-1' });

  await inVirtualTime(clientsOf(simulator).compute.virtualMachines.deallocate('rg-test', 'vm-1'));

  const [accepted, poll] = exchanges;
  expect(accepted?.statusCode).toBe(202);
  expect(accepted?.responseBody).toBe('');
  expect(accepted?.responseHeaders['retry-after']).toBe('10');
  expect(poll?.responseHeaders['retry-after']).toBe('36');
  expect(accepted?.responseHeaders['azure-asyncoperation']?.length).toBeGreaterThan(3000);
  expect(accepted?.responseHeaders['location']).toContain('&monitor=true');
  expect(accepted?.responseHeaders['x-ms-ratelimit-remaining-resource']).toBe(
    'Microsoft.Compute/DeleteVMSubscriptionMaximum;1499,Microsoft.Compute/DeleteVMResource;11',
  );
});

test('a start that fails leaves the machine off and says why', async () => {
  const { estate, faults, powerState, ...simulator } = createSimulator();
  estate.addVm({ name: 'vm-1', power: 'deallocated' });
  const { compute } = clientsOf({ estate, faults, powerState, ...simulator });
  faults.failOperationNext(
    { method: 'POST', path: /\/start$/ },
    { code: 'AllocationFailed', message: 'Allocation failed.' },
  );

  const start = () => inVirtualTime(compute.virtualMachines.start('rg-test', 'vm-1'));

  expect(await refusal(start())).toMatchObject({ code: 'AllocationFailed' });
  expect(powerState('vm-1')).toBe('deallocated');
  await start();
  expect(powerState('vm-1')).toBe('running');
});

test('starting what runs and deallocating what is off are accepted and change nothing', async () => {
  const simulator = createSimulator();
  simulator.estate.addVm({ name: 'on' });
  simulator.estate.addVm({ name: 'off', power: 'deallocated' });
  const { compute } = clientsOf(simulator);

  await inVirtualTime(compute.virtualMachines.start('rg-test', 'on'));
  await inVirtualTime(compute.virtualMachines.deallocate('rg-test', 'off'));

  expect(simulator.truth().vms).toMatchObject([
    { name: 'on', powerState: 'running', starts: 0, downtimes: [] },
    { name: 'off', powerState: 'deallocated', deallocations: 0, downtimes: [] },
  ]);
});

test('the thirteenth deallocation in a minute is throttled', async () => {
  const simulator = createSimulator();
  simulator.estate.addVm({ name: 'vm-1', power: 'deallocated' });
  const url = `https://management.azure.com/subscriptions/${simulator.subscriptionId}/resourceGroups/rg-test/providers/Microsoft.Compute/virtualMachines/vm-1/deallocate?api-version=2024-07-01`;
  const post = async () => {
    const headers = { authorization: 'Bearer static' };
    const response = await simulator.handle(new Request(url, { method: 'POST', headers }));
    await vi.advanceTimersByTimeAsync(600);
    return response;
  };

  const statuses: number[] = [];
  for (let n = 0; n < 13; n += 1) statuses.push((await post()).status);
  const refused = await post();

  expect(statuses.slice(0, 12)).toEqual(Array(12).fill(202));
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(simulator.truth().throttled).toBe(2);
});

test('without a token Azure answers 401, and 501 where nothing is simulated', async () => {
  const { handle, subscriptionId, truth } = createSimulator();
  const base = `https://management.azure.com/subscriptions/${subscriptionId}`;
  const headers = { authorization: 'Bearer static' };

  const stranger = await handle(new Request(`${base}?api-version=2022-12-01`));
  const unknown = await handle(
    new Request(`${base}/providers/Microsoft.Foo/bars?api-version=2022-12-01`, { headers }),
  );
  const elsewhere = await handle(new Request('https://example.com/'));

  expect([stranger.status, unknown.status, elsewhere.status]).toEqual([401, 501, 501]);
  expect(await unknown.json()).toMatchObject({ error: { code: 'NotSimulated' } });
  expect(truth().notSimulated).toHaveLength(2);
});

test('the same seed draws the same durations, in whatever order calls arrive', async () => {
  const run = async (order: readonly string[]) => {
    const simulator = createSimulator({ seed: 7 });
    for (const name of ['a', 'b', 'c']) simulator.estate.addVm({ name });
    const { compute } = clientsOf(simulator);
    for (const name of order)
      await inVirtualTime(compute.virtualMachines.deallocate('rg-test', name));
    return Object.fromEntries(
      simulator.drawnDurations.map(({ resourceId, durationMs }) => [resourceId, durationMs]),
    );
  };

  expect(await run(['a', 'b', 'c'])).toEqual(await run(['c', 'a', 'b']));
});
