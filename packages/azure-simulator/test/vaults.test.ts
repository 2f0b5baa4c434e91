import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSimulator, type Simulator } from '../src/simulator.ts';
import { ask } from './ask.ts';
import { clientsOf, inVirtualTime, refusal } from './clients.ts';
import { object } from './json.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const AT = 'api-version=2023-07-01';
const SOMEBODY = '3f1e2d4c-5b6a-4978-8a6b-5c4d3e2f1a0b';

function anAzure() {
  const simulator = createSimulator();
  const { subscriptionId, tenantId } = simulator;
  simulator.estate.addGroup({ name: 'rg' });
  const provider = `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault`;
  const vault = (name: string) =>
    `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/${name}`;
  const put = (name: string, properties: object = {}) =>
    ask(simulator, 'PUT', `${vault(name)}?${AT}`, {
      location: 'westeurope',
      properties: {
        tenantId,
        sku: { family: 'A', name: 'standard' },
        accessPolicies: [],
        ...properties,
      },
    });
  const change = (name: string, properties: object) =>
    ask(simulator, 'PATCH', `${vault(name)}?${AT}`, { properties });
  const get = async (name: string) =>
    object((await ask(simulator, 'GET', `${vault(name)}?${AT}`)).body, 'properties');
  const remove = (name: string) => ask(simulator, 'DELETE', `${vault(name)}?${AT}`);
  const policies = (name: string, kind: string, accessPolicies: readonly object[]) =>
    ask(simulator, 'PUT', `${vault(name)}/accessPolicies/${kind}?${AT}`, {
      properties: { accessPolicies },
    });
  const deleted = (name: string, action = '', method = 'GET') =>
    ask(simulator, method, `${provider}/locations/westeurope/deletedVaults/${name}${action}?${AT}`);
  return { simulator, put, change, get, remove, policies, deleted };
}

function policyFor({ tenantId }: Simulator, keys: readonly string[], objectId = SOMEBODY) {
  return { tenantId, objectId, permissions: { keys } };
}

const codeOf = ({ status, body }: Awaited<ReturnType<typeof ask>>) =>
  `${status} ${object(body, 'error')['code']}`;

test('a new vault waits for its name, then it is there', async () => {
  const { put, get } = anAzure();

  const made = await put('kv-1');
  await vi.advanceTimersByTimeAsync(60_000);

  expect(made.status).toBe(200);
  expect(made.body['properties']).toMatchObject({
    provisioningState: 'RegisteringDns',
    vaultUri: 'https://kv-1.vault.azure.net',
    enableSoftDelete: true,
    softDeleteRetentionInDays: 90,
    enableRbacAuthorization: false,
  });
  expect(made.body['properties']).not.toHaveProperty('enablePurgeProtection');
  expect(await get('kv-1')).toMatchObject({
    provisioningState: 'Succeeded',
    vaultUri: 'https://kv-1.vault.azure.net/',
  });
});

test('a vault is changed in what is named, and in nothing else', async () => {
  const { put, change, get } = anAzure();
  await put('kv-1', { enabledForDiskEncryption: true });

  await change('kv-1', { networkAcls: { defaultAction: 'Deny' }, enablePurgeProtection: true });

  expect(await get('kv-1')).toMatchObject({
    enabledForDiskEncryption: true,
    enablePurgeProtection: true,
    networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny', ipRules: [] },
    sku: { name: 'standard' },
  });
});

test.for<[what: string, properties: object, code: string]>([
  ['less purge protection', { enablePurgeProtection: false }, '400 BadRequest'],
  ['less soft delete', { enableSoftDelete: false }, '400 BadRequest'],
  ['other days of retention', { softDeleteRetentionInDays: 7 }, '400 BadRequest'],
  ['a policy for nobody', { accessPolicies: [{ permissions: {} }] }, '400 BadRequest'],
  ['a flag that is a word', { enableRbacAuthorization: 'yes' }, '400 BadRequest'],
  ['a SKU that there is not', { sku: { family: 'A', name: 'gold' } }, '400 BadRequest'],
])('a protected vault refuses %s', async ([, properties, code]) => {
  const { put, change } = anAzure();
  await put('kv-1', { enablePurgeProtection: true });

  expect(codeOf(await change('kv-1', properties))).toBe(code);
});

test.for<[name: string, code: string]>([
  ['1kv', '400 VaultNameNotValid'],
  ['kv--1', '400 VaultNameNotValid'],
  ['kv', '400 VaultNameNotValid'],
  ['kv-taken', '409 VaultAlreadyExists'],
  ['kv-gone', '409 ConflictError'],
])('makes no vault of the name %s', async ([name, code]) => {
  const { simulator, put, remove } = anAzure();
  simulator.estate.addVault({ name: 'kv-taken', group: 'rg-elsewhere' });
  await put('kv-gone');
  await remove('kv-gone');

  expect(codeOf(await put(name))).toBe(code);
});

test('a deleted vault keeps its keys until it is recovered or purged', async () => {
  const { simulator, put, remove, deleted } = anAzure();
  const { estate } = simulator;
  await put('kv-1');
  const keyUrl = estate.addKey('kv-1', { name: 'k' });

  await remove('kv-1');
  const shown = await deleted('kv-1');
  const gone = await simulator.handle(new Request(`${keyUrl}?api-version=7.5`));
  await put('kv-1', { createMode: 'recover' });
  const back = await simulator.handle(new Request(`${keyUrl}?api-version=7.5`));
  await remove('kv-1');
  const purging = await deleted('kv-1', '/purge', 'POST');
  const purged = await deleted('kv-1');

  expect(shown.body['properties']).toMatchObject({ location: 'westeurope' });
  // Without a vault there is no such host; with one it asks for a token.
  expect([gone.status, back.status]).toEqual([501, 401]);
  expect(purging).toMatchObject({ status: 202, body: { status: 'NotStarted' } });
  expect(codeOf(purged)).toBe('404 DeletedVaultNotFound');
  expect((await put('kv-1')).status).toBe(200);
});

test('a purge ends by its polling URL', async () => {
  const { simulator, put, remove, deleted } = anAzure();
  await put('kv-1');
  await remove('kv-1');

  const { headers } = await deleted('kv-1', '/purge', 'POST');
  const { pathname, search } = new URL(headers.get('location') ?? '');
  const before = await ask(simulator, 'GET', `${pathname}${search}`);
  await vi.advanceTimersByTimeAsync(60_000);
  const after = await ask(simulator, 'GET', `${pathname}${search}`);

  expect([before.status, after.status]).toEqual([202, 200]);
});

test('purge protection outlives everybody, and the days of retention do not', async () => {
  const { put, remove, deleted } = anAzure();
  await put('kv-1', { enablePurgeProtection: true, softDeleteRetentionInDays: 7 });
  await remove('kv-1');

  expect(codeOf(await deleted('kv-1', '/purge', 'POST'))).toBe('405 MethodNotAllowed');
  vi.setSystemTime(Date.now() + 7 * 86_400_000);
  expect(codeOf(await deleted('kv-1'))).toBe('404 DeletedVaultNotFound');
});

test('access policies are added to, replaced and taken away', async () => {
  const { simulator, put, policies, get } = anAzure();
  await put('kv-1');
  const rights = async () => {
    const { accessPolicies } = await get('kv-1');
    return (accessPolicies as { permissions: { keys: string[] } }[]).map(
      (it) => it.permissions.keys,
    );
  };

  await policies('kv-1', 'add', [policyFor(simulator, ['get'])]);
  await policies('kv-1', 'add', [policyFor(simulator, ['list'])]);
  expect(await rights()).toEqual([['get', 'list']]);
  await policies('kv-1', 'replace', [policyFor(simulator, ['wrapKey', 'get'])]);
  expect(await rights()).toEqual([['wrapKey', 'get']]);
  await policies('kv-1', 'remove', [policyFor(simulator, ['wrapKey'])]);
  expect(await rights()).toEqual([['get']]);
  await policies('kv-1', 'add', [policyFor(simulator, ['list'])]);
  await policies('kv-1', 'remove', [policyFor(simulator, ['all'])]);
  expect(await rights()).toEqual([]);
});

test('where roles do not count, a caller may do what a policy says', async () => {
  const { simulator, put, policies } = anAzure();
  await put('kv-1');
  simulator.estate.addKey('kv-1', { name: 'k' });
  const client = clientsOf(simulator).keys('kv-1');
  const { objectId } = simulator.identity;

  const stranger = await refusal(client.getKey('k'));
  await policies('kv-1', 'add', [policyFor(simulator, ['Get'], objectId)]);
  await client.getKey('k');

  expect(stranger).toEqual({ code: 'Forbidden', status: 403 });
  await expect(client.rotateKey('k')).rejects.toThrow('does not have keys rotate permission');
});

test('a set on a vault with policies encrypts once its identity has one', async () => {
  const { simulator, put, policies } = anAzure();
  const { estate, tenantId } = simulator;
  await put('kv-1');
  const keyUrl = estate.addKey('kv-1', { name: 'k' });
  estate.addDisk({ name: 'disk-1', group: 'rg' });
  const { compute } = clientsOf(simulator);
  const set = await inVirtualTime(
    compute.diskEncryptionSets.createOrUpdate('rg', 'des', {
      location: 'westeurope',
      identity: { type: 'SystemAssigned' },
      activeKey: { keyUrl },
    }),
  );
  const encryption = {
    type: 'EncryptionAtRestWithCustomerKey',
    diskEncryptionSetId: set.id ?? '',
  };
  const encrypt = () => inVirtualTime(compute.disks.update('rg', 'disk-1', { encryption }));

  const before = await refusal(encrypt());
  const objectId = set.identity?.principalId ?? '';
  await policies('kv-1', 'add', [
    { tenantId, objectId, permissions: { keys: ['get', 'wrapKey', 'unwrapKey'] } },
  ]);
  await encrypt();

  expect(before.code).toBe('KeyVaultAccessForbidden');
  expect(simulator.truth().disks[0]?.encryptionType).toBe('EncryptionAtRestWithCustomerKey');
});

test('a vault that lets nobody in is closed to the caller and to disks', async () => {
  const { simulator, put, change } = anAzure();
  await put('kv-1', { enableRbacAuthorization: true });
  simulator.estate.addKey('kv-1', { name: 'k' });
  const client = clientsOf(simulator).keys('kv-1');
  await client.getKey('k');

  await change('kv-1', { networkAcls: { bypass: 'None', defaultAction: 'Deny' } });

  expect(await refusal(client.getKey('k'))).toEqual({ code: 'Forbidden', status: 403 });
});
