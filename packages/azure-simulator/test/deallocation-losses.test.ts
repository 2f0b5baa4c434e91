import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSimulator, type Simulator } from '../src/simulator.ts';
import { ask } from './ask.ts';
import { all, clientsOf, inVirtualTime } from './clients.ts';
import { list, object, text } from './json.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const IN_GROUP = '/resourceGroups/rg-test/providers';
const ADDRESSES = 'Microsoft.Network/publicIPAddresses';

/** What a path of the subscription answers. */
async function get(simulator: Simulator, path: string, apiVersion = '2022-07-01') {
  const mark = path.includes('?') ? '&' : '?';
  const whole = `/subscriptions/${simulator.subscriptionId}${path}${mark}api-version=${apiVersion}`;
  return (await ask(simulator, 'GET', whole)).body;
}

function withAddress(publicIp: 'static' | 'dynamic') {
  const simulator = createSimulator();
  simulator.estate.addVm({ name: 'vm-1', publicIp });
  const { compute } = clientsOf(simulator);
  const { virtualMachines } = compute;
  return {
    simulator,
    compute,
    address: async () =>
      object(await get(simulator, `${IN_GROUP}/${ADDRESSES}/vm-1-ip`), 'properties'),
    deallocate: () => inVirtualTime(virtualMachines.deallocate('rg-test', 'vm-1')),
    start: () => inVirtualTime(virtualMachines.start('rg-test', 'vm-1')),
    powerOff: () => inVirtualTime(virtualMachines.powerOff('rg-test', 'vm-1')),
  };
}

test('a dynamic address is lost at deallocation, and another one comes with the start', async () => {
  const { address, deallocate, start } = withAddress('dynamic');

  const before = await address();
  await deallocate();
  const during = await address();
  await start();
  const after = await address();

  expect(before).toMatchObject({ publicIPAllocationMethod: 'Dynamic' });
  expect(before['ipAddress']).toMatch(/^198\.18\./);
  expect(during['ipAddress']).toBeUndefined();
  expect(after['ipAddress']).toMatch(/^198\.18\./);
  expect(after['ipAddress']).not.toBe(before['ipAddress']);
});

test('a static address stays, and a dynamic one stays while the machine is only stopped', async () => {
  const fixed = withAddress('static');
  const dynamic = withAddress('dynamic');
  const [first, second] = [await fixed.address(), await dynamic.address()];

  await fixed.deallocate();
  await dynamic.powerOff();

  expect((await fixed.address())['ipAddress']).toBe(first['ipAddress']);
  expect((await dynamic.address())['ipAddress']).toBe(second['ipAddress']);
  expect(first).toMatchObject({ publicIPAllocationMethod: 'Static' });
});

test('a machine names its interface, the interface its address, and the address the interface', async () => {
  const { simulator, compute } = withAddress('static');

  const vm = await compute.virtualMachines.get('rg-test', 'vm-1');
  const interfaces = await get(simulator, '/providers/Microsoft.Network/networkInterfaces');
  const addresses = await get(simulator, `${IN_GROUP}/${ADDRESSES}`);

  const [nic = {}] = list(interfaces, 'value');
  const [address = {}] = list(addresses, 'value');
  const [configuration = {}] = list(object(nic, 'properties'), 'ipConfigurations');
  const named = object(object(configuration, 'properties'), 'publicIPAddress');
  expect(vm.networkProfile?.networkInterfaces?.[0]?.id).toBe(nic['id']);
  expect(object(object(nic, 'properties'), 'virtualMachine')['id']).toBe(vm.id);
  expect(named['id']).toBe(address['id']);
  expect(address).toMatchObject({
    sku: { name: 'Standard' },
    properties: { ipConfiguration: { id: text(configuration, 'id') } },
  });
});

test('a machine tells that it is Spot, on a host of its own, or on reserved capacity', async () => {
  const simulator = createSimulator();
  simulator.estate.addVm({ name: 'spot', spot: 'Delete' });
  simulator.estate.addVm({ name: 'host', dedicatedHost: 'hosts/host-1' });
  simulator.estate.addVm({ name: 'group', dedicatedHost: 'hosts' });
  simulator.estate.addVm({ name: 'reserved', capacityReservation: 'crg', zones: ['2'] });
  const { virtualMachines } = clientsOf(simulator).compute;
  const read = (name: string) => virtualMachines.get('rg-test', name);

  expect(await read('spot')).toMatchObject({
    priority: 'Spot',
    evictionPolicy: 'Delete',
    billingProfile: { maxPrice: -1 },
  });
  expect((await read('host')).host?.id).toMatch(/\/hostGroups\/hosts\/hosts\/host-1$/);
  expect((await read('host')).hostGroup).toBeUndefined();
  expect((await read('group')).hostGroup?.id).toMatch(/\/hostGroups\/hosts$/);
  const reserved = await read('reserved');
  expect(reserved.capacityReservation?.capacityReservationGroup?.id).toMatch(
    /\/capacityReservationGroups\/crg$/,
  );
  expect(reserved.zones).toEqual(['2']);
});

test('an availability set lists its machines', async () => {
  const simulator = createSimulator();
  for (const name of ['vm-1', 'vm-2']) {
    simulator.estate.addVm({ name, availabilitySet: 'avail-1' });
  }
  const { availabilitySets } = clientsOf(simulator).compute;

  const [listed] = await all(availabilitySets.listBySubscription());
  const [inGroup] = await all(availabilitySets.list('rg-test'));
  const one = await availabilitySets.get('rg-test', 'avail-1');

  expect(listed?.id).toContain('/RG-TEST/');
  expect(inGroup).toEqual(one);
  expect(one.virtualMachines?.map(({ id }) => id?.split('/').at(-1))).toEqual(['vm-1', 'vm-2']);
});

test('a schedule tells which machine it shuts down, and when', async () => {
  const simulator = createSimulator();
  simulator.estate.addVm({ name: 'vm-1', autoShutdown: '1900' });
  simulator.estate.addVm({ name: 'vm-2' });
  const kind = 'Microsoft.DevTestLab/schedules';
  const schedule = (vm: string) =>
    get(simulator, `${IN_GROUP}/${kind}/shutdown-computevm-${vm}`, '2018-09-15');

  const every = await get(simulator, `/providers/${kind}`, '2018-09-15');

  expect(list(every, 'value')).toHaveLength(1);
  expect(await schedule('vm-1')).toMatchObject({
    properties: {
      status: 'Enabled',
      dailyRecurrence: { time: '1900' },
      targetResourceId: expect.stringMatching(/\/virtualMachines\/vm-1$/),
    },
  });
  expect(await schedule('vm-2')).toMatchObject({ error: { code: 'ResourceNotFound' } });
});

test('a vault lists the jobs that run, each with the machine it is about', async () => {
  const simulator = createSimulator();
  simulator.estate.addVm({ name: 'vm-1', group: 'rg-app' });
  simulator.estate.addVm({ name: 'vm-2', group: 'rg-app' });
  simulator.estate.addRecoveryVault({
    name: 'rsv',
    jobs: [{ vm: 'vm-1' }, { vm: 'vm-2', status: 'Completed' }],
  });
  const kind = 'Microsoft.RecoveryServices/vaults';
  const filter = encodeURIComponent("status eq 'InProgress' and operation eq 'Backup'");
  const jobs = (query: string) =>
    get(simulator, `${IN_GROUP}/${kind}/rsv/backupJobs${query}`, '2024-04-01');

  const vaults = await get(simulator, `/providers/${kind}`, '2024-04-01');
  const running = await jobs(`?$filter=${filter}`);
  const every = await jobs('');

  expect(list(vaults, 'value')).toMatchObject([{ name: 'rsv' }]);
  expect(list(running, 'value')).toMatchObject([
    {
      properties: {
        status: 'InProgress',
        entityFriendlyName: 'vm-1',
        containerName: 'iaasvmcontainerv2;rg-app;vm-1',
      },
    },
  ]);
  expect(list(every, 'value')).toHaveLength(2);
});
