import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSimulator, type Simulator, type SimulatorOptions } from '../src/simulator.ts';
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

const MINUTE_MS = 60_000;

/** A running machine whose data disk is on `kv-1/disks`. */
function anEstate(options: SimulatorOptions = {}) {
  const simulator = createSimulator(options);
  const { estate } = simulator;
  estate.addVault({ name: 'kv-1' });
  const keyUrl = estate.addKey('kv-1', { name: 'disks' });
  estate.addEncryptionSet({ name: 'des-1', key: 'kv-1/disks', autoRotation: true });
  estate.addVm({ name: 'vm-1', dataDisks: [{ encryptionSet: 'des-1' }] });
  const { compute, keys } = clientsOf(simulator);
  const client = keys('kv-1');
  return {
    simulator,
    estate,
    keyUrl,
    compute,
    keys: client,
    set: () => compute.diskEncryptionSets.get('rg-test', 'des-1'),
    keyState: () => simulator.truth().disks.find(({ id }) => id.endsWith('data-1'))?.keyState,
    enable: (enabled: boolean) => client.updateKeyProperties('disks', { enabled }),
  };
}

test('a machine whose key is disabled is shut down within the hour and does not start', async () => {
  const { simulator, compute, enable } = anEstate();

  await enable(false);
  await vi.advanceTimersByTimeAsync(60 * MINUTE_MS);

  expect(simulator.powerState('vm-1')).toBe('stopped');
  const start = () => inVirtualTime(compute.virtualMachines.start('rg-test', 'vm-1'));
  expect(await refusal(start())).toMatchObject({ code: 'KeyVaultKeyNotEnabled' });
  await enable(true);
  await start();
  await vi.advanceTimersByTimeAsync(120 * MINUTE_MS);
  expect(simulator.powerState('vm-1')).toBe('running');
});

test('disks fail an hour after their key went, and work again with it', async () => {
  const { keyState, enable } = anEstate();
  const states = [keyState()];

  await enable(false);
  states.push(keyState());
  await vi.advanceTimersByTimeAsync(61 * MINUTE_MS);
  states.push(keyState());
  await enable(true);
  states.push(keyState());

  expect(states).toEqual(['usable', 'lost', 'failing', 'usable']);
});

test('a deleted key shuts its machines down; the others go on', async () => {
  const { simulator, estate, keys } = anEstate();
  estate.addVm({ name: 'vm-2', dataDisks: 1 });

  await keys.beginDeleteKey('disks');
  await vi.advanceTimersByTimeAsync(60 * MINUTE_MS);

  expect([simulator.powerState('vm-1'), simulator.powerState('vm-2')]).toEqual([
    'stopped',
    'running',
  ]);
});

test('a vault that goes to another directory takes its key from the sets of this one', async () => {
  const { simulator, estate } = anEstate();
  estate.addVault({ name: 'kv-2', keys: [{ name: 'k' }] });
  estate.addEncryptionSet({ name: 'des-2', key: 'kv-2/k' });
  estate.addVm({ name: 'vm-2', dataDisks: [{ encryptionSet: 'des-2' }] });
  const problems = () => simulator.truth().encryptionSets.map(({ problem }) => problem);
  const before = problems();

  await moveVault(simulator, 'kv-2');
  await vi.advanceTimersByTimeAsync(60 * MINUTE_MS);

  expect([before, problems()]).toEqual([
    [null, null],
    [null, 'forbidden'],
  ]);
  expect(simulator.powerState('vm-2')).toBe('stopped');
});

test.each([
  ['forbidden', 'an-app', false],
  ['forbidden', 'None', true],
  [null, 'an-app', true],
])(
  'a set of another directory is %s with the application %s, granted: %s',
  async (problem, application, accessGranted) => {
    const simulator = createSimulator();
    simulator.estate.addVault({ name: 'kv-1', keys: [{ name: 'k' }] });
    const id = simulator.estate.addEncryptionSet({
      name: 'des-1',
      key: 'kv-1/k',
      tenantId: OTHER_TENANT,
      accessGranted,
    });
    const path = `${id}?api-version=2024-03-02`;
    await ask(simulator, 'PATCH', path, { properties: { federatedClientId: application } });
    await vi.advanceTimersByTimeAsync(MINUTE_MS);

    const { body } = await ask(simulator, 'GET', path);
    expect(object(body, 'identity')['tenantId']).toBe(OTHER_TENANT);
    expect(simulator.truth().encryptionSets[0]?.problem).toBe(problem);
  },
);

const OTHER_TENANT = '99999999-1111-4222-8333-444444444444';

async function moveVault(simulator: Simulator, name: string) {
  const { subscriptionId } = simulator;
  const path = `/subscriptions/${subscriptionId}/resourceGroups/rg-test/providers/Microsoft.KeyVault/vaults/${name}?api-version=2023-07-01`;
  const { body } = await ask(simulator, 'GET', path);
  const properties = { ...object(body, 'properties'), tenantId: OTHER_TENANT };
  const answered = await ask(simulator, 'PUT', path, { location: 'westeurope', properties });
  expect(answered.status).toBe(200);
}

test('all of it happens as much faster as the simulator runs', async () => {
  const { simulator, enable, keyState } = anEstate({ speed: 60 });

  await enable(false);
  await vi.advanceTimersByTimeAsync(1.5 * MINUTE_MS);

  expect(simulator.powerState('vm-1')).toBe('stopped');
  expect(keyState()).toBe('failing');
});

test.each([
  [false, 'running'],
  [true, 'stopped'],
])('an expired key shuts machines down: %s', async (expiredKeyStopsMachines, expected) => {
  const subscriptionId = '5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30';
  const { simulator, estate, keyUrl, set } = anEstate({
    estate: { subscriptionId, expiredKeyStopsMachines },
  });
  await set();

  estate.changeKey(keyUrl, { expiresInDays: -1 });
  await vi.advanceTimersByTimeAsync(60 * MINUTE_MS);

  expect(simulator.powerState('vm-1')).toBe(expected);
});

test('what is described as running on a disabled key stays as described', async () => {
  const simulator = createSimulator();
  simulator.estate.addVault({ name: 'kv-1', keys: [{ name: 'off', enabled: false }] });
  simulator.estate.addEncryptionSet({ name: 'des-1', key: 'kv-1/off' });
  simulator.estate.addVm({ name: 'vm-1', dataDisks: [{ encryptionSet: 'des-1' }] });

  await vi.advanceTimersByTimeAsync(120 * MINUTE_MS);

  expect(simulator.powerState('vm-1')).toBe('running');
});

test('a set that rotates by itself takes a new version within the hour', async () => {
  const { keyUrl, keys, set } = anEstate();

  const { id: newest } = await keys.rotateKey('disks');
  await vi.advanceTimersByTimeAsync(25 * MINUTE_MS);
  const during = await set();
  await vi.advanceTimersByTimeAsync(35 * MINUTE_MS);
  const after = await set();

  expect(during.activeKey?.keyUrl).toBe(newest);
  expect(during.previousKeys?.map((it) => it.keyUrl)).toEqual([keyUrl]);
  expect(after.activeKey?.keyUrl).toBe(newest);
  expect(after.previousKeys ?? []).toEqual([]);
  expect(after.lastKeyRotationTimestamp).toBeInstanceOf(Date);
});

test('a rotation is told as a change of the set', async () => {
  const { simulator, keys } = anEstate();
  const { received, subscription } = anEndpoint();
  simulator.subscribe(subscription({ kind: 'resource-notifications' }));

  await keys.rotateKey('disks');
  await vi.advanceTimersByTimeAsync(25 * MINUTE_MS);

  expect(received.map(({ event }) => event['subject'])).toContainEqual(
    expect.stringMatching(/diskEncryptionSets\/des-1$/),
  );
});

test('a set that may not use its vault says why it does not rotate, until it is written', async () => {
  const { simulator, estate, keys, compute } = anEstate();
  estate.addEncryptionSet({
    name: 'des-2',
    key: 'kv-1/disks',
    autoRotation: true,
    accessGranted: false,
  });
  const set = () => compute.diskEncryptionSets.get('rg-test', 'des-2');

  await keys.rotateKey('disks');
  await vi.advanceTimersByTimeAsync(25 * MINUTE_MS);

  expect(await set()).toMatchObject({ autoKeyRotationError: { code: 'KeyVaultAccessForbidden' } });
  await inVirtualTime(compute.diskEncryptionSets.update('rg-test', 'des-2', { tags: {} }));
  expect((await set()).autoKeyRotationError).toBeUndefined();
  simulator.close();
});
