import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSimulator, type Simulator } from '../src/simulator.ts';
import { ask } from './ask.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const HOUR_MS = 3_600_000;
const FAILURE = { code: 'InternalExecutionError', message: 'An internal error occurred.' };

function anAzure() {
  const simulator = createSimulator();
  const { estate, subscriptionId } = simulator;
  estate.addEncryptionSet({ name: 'des-1' });
  estate.addEncryptionSet({ name: 'des-2' });
  estate.addVm({ name: 'on', dataDisks: [{}] });
  estate.addVm({ name: 'off', power: 'deallocated' });
  estate.addDisk({ name: 'disk-1' });
  const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-test`;
  const compute = `${group}/providers/Microsoft.Compute`;
  return { simulator, group, compute };
}

type Azure = ReturnType<typeof anAzure>;

interface Asked {
  readonly method: 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** Below the provider; the group itself when empty. */
  readonly at: string;
  readonly body?: (azure: Azure) => object;
  /** Where to look afterwards, when not there. */
  readonly lookAt?: string;
}

const location = 'westeurope';
const newKey = { activeKey: { keyUrl: 'https://elsewhere.vault.azure.net/keys/k/1' } };
const OPERATIONS = {
  'disk create': {
    method: 'PUT',
    at: 'disks/new',
    body: () => ({
      location,
      properties: { creationData: { createOption: 'Empty' }, diskSizeGB: 8 },
    }),
  },
  'disk delete': { method: 'DELETE', at: 'disks/disk-1' },
  'disk export': {
    method: 'POST',
    at: 'disks/disk-1/beginGetAccess',
    body: () => ({ access: 'Read', durationInSeconds: 3600 }),
    lookAt: 'disks/disk-1',
  },
  'snapshot create': {
    method: 'PUT',
    at: 'snapshots/new',
    body: ({ compute }) => ({
      location,
      properties: {
        creationData: { createOption: 'Copy', sourceResourceId: `${compute}/disks/disk-1` },
      },
    }),
  },
  'set create': {
    method: 'PUT',
    at: 'diskEncryptionSets/new',
    body: () => ({ location, identity: { type: 'SystemAssigned' }, properties: newKey }),
  },
  'set update': {
    method: 'PATCH',
    at: 'diskEncryptionSets/des-1',
    body: () => ({ properties: newKey }),
  },
  'set delete': { method: 'DELETE', at: 'diskEncryptionSets/des-2' },
  'vm deallocate': { method: 'POST', at: 'virtualMachines/on/deallocate' },
  'vm start': { method: 'POST', at: 'virtualMachines/off/start' },
  'vm powerOff': { method: 'POST', at: 'virtualMachines/on/powerOff' },
  'vm restart': { method: 'POST', at: 'virtualMachines/on/restart' },
  'vm update': {
    method: 'PATCH',
    at: 'virtualMachines/on',
    body: () => ({ tags: { new: 'yes' } }),
  },
  'vm create': {
    method: 'PUT',
    at: 'virtualMachines/new',
    body: () => ({
      location,
      properties: {
        hardwareProfile: { vmSize: 'Standard_D2s_v3' },
        networkProfile: { networkInterfaces: [] },
        storageProfile: {
          imageReference: { publisher: 'a', offer: 'b', sku: 'c', version: 'latest' },
          osDisk: { createOption: 'FromImage', name: 'new-os' },
        },
      },
    }),
  },
  'vm delete': { method: 'DELETE', at: 'virtualMachines/on' },
  'group delete': { method: 'DELETE', at: '' },
} as const satisfies Readonly<Record<string, Asked>>;

/** Disks and machines have api-versions of their own. */
const versioned = (path: string) =>
  `${path}?api-version=${/\/(disks|snapshots|diskEncryptionSets)\//.test(path) ? '2024-03-02' : '2024-07-01'}`;

type Leaves = 'nothing' | 'effect';

/** What is there an hour after an operation that failed, and how its poll told of it. */
async function after(operation: keyof typeof OPERATIONS, leaves: Leaves) {
  const azure = anAzure();
  const { simulator, group, compute } = azure;
  const {
    method,
    at,
    body,
    lookAt = at.split('/').slice(0, 2).join('/'),
  }: Asked = OPERATIONS[operation];
  simulator.faults.failOperationNext({ method, path: /./ }, { ...FAILURE, leaves });
  const path = at === '' ? group : `${compute}/${at}`;
  const accepted = await ask(simulator, method, versioned(path), body?.(azure));
  expect([200, 201, 202]).toContain(accepted.status);
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  const { headers } = accepted;
  const poll = new URL(headers.get('azure-asyncoperation') ?? headers.get('location') ?? '');
  const told = await ask(simulator, 'GET', poll.pathname + poll.search);
  const look = at === '' ? group : `${compute}/${lookAt}`;
  const seen = await ask(simulator, 'GET', versioned(look));
  return { simulator, compute, told: told.body['error'], seen };
}

const powerOf = ({ simulator }: { simulator: Simulator }, name: string) =>
  simulator.truth().vms.find((vm) => vm.name === name)?.powerState ?? 'gone';

test.for<[operation: keyof typeof OPERATIONS, nothing: number, effect: number]>([
  ['disk create', 404, 200],
  ['disk delete', 200, 404],
  ['snapshot create', 404, 200],
  ['set create', 404, 200],
  ['set delete', 200, 404],
  ['vm create', 200, 200],
  ['vm delete', 200, 404],
  ['group delete', 200, 404],
])('a failed %s leaves what it should: %i or %i', async ([operation, ...statuses]) => {
  const nothing = await after(operation, 'nothing');
  const effect = await after(operation, 'effect');

  expect([nothing.seen.status, effect.seen.status]).toEqual(statuses);
  expect([nothing.told, effect.told]).toMatchObject([FAILURE, FAILURE]);
});

test.for<[operation: keyof typeof OPERATIONS, nothing: object, effect: object]>([
  ['disk export', { diskState: 'Unattached' }, { diskState: 'ActiveSAS' }],
  [
    'set update',
    { activeKey: { keyUrl: expect.not.stringContaining('elsewhere') } },
    { activeKey: { keyUrl: newKey.activeKey.keyUrl }, provisioningState: 'Succeeded' },
  ],
])('a failed %s leaves the old or the new', async ([operation, nothing, effect]) => {
  expect((await after(operation, 'nothing')).seen.body['properties']).toMatchObject(nothing);
  expect((await after(operation, 'effect')).seen.body['properties']).toMatchObject(effect);
});

test.for<[operation: keyof typeof OPERATIONS, vm: string, nothing: string, effect: string]>([
  ['vm deallocate', 'on', 'running', 'deallocated'],
  ['vm start', 'off', 'deallocated', 'running'],
  ['vm powerOff', 'on', 'running', 'stopped'],
  ['vm restart', 'on', 'running', 'running'],
  ['vm create', 'new', 'deallocated', 'running'],
])('a failed %s of "%s" leaves it %s, or %s', async ([operation, vm, ...powers]) => {
  const nothing = await after(operation, 'nothing');
  const effect = await after(operation, 'effect');

  expect([powerOf(nothing, vm), powerOf(effect, vm)]).toEqual(powers);
  const states = [nothing, effect].map(({ seen }) => seen.body['properties']);
  expect(states).toMatchObject([
    { provisioningState: 'Failed' },
    { provisioningState: 'Succeeded' },
  ]);
});

test('a failed update of a machine leaves it as it was, or changed, and Succeeded', async () => {
  const nothing = await after('vm update', 'nothing');
  const effect = await after('vm update', 'effect');

  expect(nothing.seen.body['tags']).toBeUndefined();
  expect(effect.seen.body['tags']).toEqual({ new: 'yes' });
  for (const { seen } of [nothing, effect]) {
    expect(seen.body['properties']).toMatchObject({ provisioningState: 'Succeeded' });
  }
});

test('a machine whose creation failed keeps the disks that were made for it', async () => {
  const { simulator, compute } = await after('vm create', 'nothing');

  const { body } = await ask(simulator, 'GET', versioned(`${compute}/disks/new-os`));

  expect(body['managedBy']).toMatch(/virtualMachines\/new$/);
});

test('a machine whose deletion failed keeps its disks', async () => {
  const { simulator } = await after('vm delete', 'nothing');

  const owners = simulator.truth().disks.flatMap((disk) => disk.owners);

  expect(owners.filter((id) => id.endsWith('/on'))).toHaveLength(2);
});
