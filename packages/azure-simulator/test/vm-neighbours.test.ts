import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSimulator, type Simulator } from '../src/simulator.ts';
import { anEndpoint } from './an-endpoint.ts';
import { ask } from './ask.ts';
import { clientsOf, inVirtualTime, refusal } from './clients.ts';
import { object } from './json.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const GROUP = '/subscriptions/5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30/resourceGroups/rg-test';
const NIC = `${GROUP}/providers/Microsoft.Network/networkInterfaces/nic-1`;
const AVAILABILITY_SET = `${GROUP}/providers/Microsoft.Compute/availabilitySets/avail-1`;
const SCALE_SET = `${GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/vmss-1`;

interface Wish {
  readonly size?: string;
  readonly deleteOption?: string;
  readonly availabilitySet?: { readonly id: string };
  readonly virtualMachineScaleSet?: { readonly id: string };
}

/** A machine made by PUT. */
function made(simulator: Simulator, name: string, wish: Wish = {}) {
  const { size = 'Standard_D2s_v3', deleteOption, ...sets } = wish;
  const { virtualMachines } = clientsOf(simulator).compute;
  return inVirtualTime(
    virtualMachines.createOrUpdate('rg-test', name, {
      location: 'westeurope',
      hardwareProfile: { vmSize: size },
      networkProfile: {
        networkInterfaces: [{ id: NIC, ...(deleteOption ? { deleteOption } : {}) }],
      },
      storageProfile: {
        imageReference: { publisher: 'Canonical', offer: 'o', sku: 's', version: 'latest' },
        osDisk: { name: `${name}-os`, createOption: 'FromImage', deleteOption: 'Delete' },
      },
      ...sets,
    }),
  );
}

function anAzure() {
  const simulator = createSimulator();
  simulator.estate.addGroup({ name: 'rg-test' });
  const holderOf = async () => {
    const { status, body } = await ask(simulator, 'GET', `${NIC}?api-version=2022-07-01`);
    if (status !== 200) return status;
    return object(body, 'properties')['virtualMachine'] ?? 'nobody';
  };
  return { simulator, holderOf, ...clientsOf(simulator).compute };
}

test.for<[deleteOption: string | undefined, after: unknown]>([
  [undefined, 'nobody'],
  ['Detach', 'nobody'],
  ['Delete', 404],
])(
  'a new machine has the interface that it names, until it goes: %s',
  async ([deleteOption, after]) => {
    const { simulator, holderOf, virtualMachines } = anAzure();

    const before = await holderOf();
    const { id } = await made(simulator, 'vm-1', deleteOption ? { deleteOption } : {});
    const held = await holderOf();
    const second = await refusal(made(simulator, 'vm-2'));
    await inVirtualTime(virtualMachines.delete('rg-test', 'vm-1'));

    expect(before).toBe(404);
    expect(held).toEqual({ id });
    expect(second).toEqual({ code: 'NicInUse', status: 400 });
    expect(await holderOf()).toEqual(after);
  },
);

test('a new machine joins the availability set that it names', async () => {
  const { simulator, availabilitySets, virtualMachines } = anAzure();
  simulator.estate.addVm({ name: 'first', availabilitySet: 'avail-1' });
  const members = async () => {
    const set = await availabilitySets.get('rg-test', 'avail-1');
    return set.virtualMachines?.map(({ id = '' }) => id.slice(id.lastIndexOf('/') + 1));
  };

  await made(simulator, 'vm-1', { availabilitySet: { id: AVAILABILITY_SET } });
  const joined = await members();
  await inVirtualTime(virtualMachines.delete('rg-test', 'vm-1'));

  expect(joined).toEqual(['first', 'vm-1']);
  expect(await members()).toEqual(['first']);
});

test('a new machine joins the flexible scale set that it names', async () => {
  const { simulator, virtualMachineScaleSets } = anAzure();
  simulator.estate.addScaleSet({ name: 'vmss-1', mode: 'Flexible' });

  await made(simulator, 'vm-1', { virtualMachineScaleSet: { id: SCALE_SET } });

  const { sku } = await virtualMachineScaleSets.get('rg-test', 'vmss-1');
  expect(sku?.capacity).toBe(1);
});

test.for<[kind: string, wish: Wish]>([
  ['an availability set', { availabilitySet: { id: AVAILABILITY_SET } }],
  ['a scale set', { virtualMachineScaleSet: { id: SCALE_SET } }],
])('a new machine is refused in %s that is not there', async ([, wish]) => {
  const { simulator, holderOf } = anAzure();

  expect(await refusal(made(simulator, 'vm-1', wish))).toMatchObject({ status: 404 });
  expect(await holderOf()).toBe(404);
});

test.for<[reason: 'subscription' | 'retired' | 'capacity', power: string, code: string]>([
  ['subscription', 'running', 'SkuNotAvailable'],
  ['retired', 'deallocated', 'SkuNotAvailable'],
  ['capacity', 'running', 'AllocationFailed'],
  ['capacity', 'deallocated', 'changed'],
])(
  'a size that is not to be had (%s) is none for a %s machine: %s',
  async ([reason, power, code]) => {
    const { simulator, virtualMachines } = anAzure();
    const size = 'Standard_E4s_v3';
    simulator.estate.restrictSize({ size, reason });
    simulator.estate.addVm({
      name: 'vm-1',
      power: power === 'running' ? 'running' : 'deallocated',
    });

    const changed = await inVirtualTime(
      virtualMachines.update('rg-test', 'vm-1', { hardwareProfile: { vmSize: size } }),
    ).then(
      () => 'changed',
      (error: unknown) => refusal(Promise.reject(error)).then((it) => it.code),
    );
    const { hardwareProfile } = await virtualMachines.get('rg-test', 'vm-1');

    expect(changed).toBe(code);
    expect(hardwareProfile?.vmSize === size).toBe(code === 'changed');
  },
);

test.for<[kind: 'resources' | 'resource-notifications', types: readonly string[]]>([
  ['resources', ['Microsoft.Resources.ResourceDeleteSuccess']],
  ['resource-notifications', ['Microsoft.ResourceNotifications.Resources.Deleted']],
])('a disk that goes with its machine is told of as deleted: %s', async ([kind, types]) => {
  const { received, subscription } = anEndpoint();
  const { simulator, virtualMachines } = anAzure();
  const { id } = await made(simulator, 'vm-1');
  simulator.subscribe(subscription({ kind }));

  await inVirtualTime(virtualMachines.delete('rg-test', 'vm-1'));
  await vi.advanceTimersByTimeAsync(10_000);

  const told = (word: string) =>
    received
      .map(({ event }) => event)
      .filter(({ subject }) => String(subject).endsWith(word))
      .map(({ eventType }) => eventType);
  expect(told('/disks/vm-1-os')).toEqual(types);
  expect(told(`/virtualMachines/${id?.split('/').at(-1)}`)).toEqual(types);
});

test('a vault that goes with its group can be recovered, and its name is taken till then', async () => {
  const { simulator } = anAzure();
  const { resources } = clientsOf(simulator);
  const id = simulator.estate.addVault({ name: 'kv-1', group: 'rg-keys', keys: [{ name: 'k' }] });
  const at = 'api-version=2023-07-01';
  const put = (properties: object) =>
    ask(simulator, 'PUT', `${id}?${at}`, {
      location: 'westeurope',
      properties: {
        tenantId: simulator.tenantId,
        sku: { family: 'A', name: 'standard' },
        enableRbacAuthorization: true,
        ...properties,
      },
    });

  await inVirtualTime(resources.resourceGroups.beginDeleteAndWait('rg-keys'));
  await resources.resourceGroups.createOrUpdate('rg-keys', { location: 'westeurope' });
  const deleted = await ask(
    simulator,
    'GET',
    `/subscriptions/${simulator.subscriptionId}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv-1?${at}`,
  );
  const again = await put({});
  const recovered = await put({ createMode: 'recover' });
  const key = await clientsOf(simulator).keys('kv-1').getKey('k');

  expect(object(deleted.body, 'properties')).toMatchObject({ vaultId: id });
  expect(again.status).toBe(409);
  expect(recovered.status).toBe(200);
  expect(key.name).toBe('k');
});
