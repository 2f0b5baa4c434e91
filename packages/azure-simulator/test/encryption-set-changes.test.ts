import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSimulator } from '../src/simulator.ts';
import { ask } from './ask.ts';
import { object } from './json.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function aSet(identity: 'SystemAssigned' | 'UserAssigned' = 'UserAssigned') {
  const simulator = createSimulator();
  const id = simulator.estate.addEncryptionSet({ name: 'des-1', identity });
  const path = `${id}?api-version=2022-03-02`;
  const get = async () => (await ask(simulator, 'GET', path)).body;
  const patch = async (body: object) => {
    const answered = await ask(simulator, 'PATCH', path, body);
    await vi.advanceTimersByTimeAsync(120_000);
    return answered;
  };
  const who = async () => object(await get(), 'identity');
  const user = (name: string) =>
    `/subscriptions/${simulator.subscriptionId}/resourcegroups/rg-test/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
  return { simulator, get, patch, who, user };
}

test('a change that names no identity keeps those that are there, and who they are', async () => {
  const { patch, who } = aSet();
  const before = await who();

  await patch({ identity: { type: 'UserAssigned' } });
  expect(await who()).toEqual(before);
  await patch({ identity: { type: 'SystemAssigned, UserAssigned' } });
  const both = await who();
  await patch({ identity: { type: 'SystemAssigned, UserAssigned' } });

  expect(both['userAssignedIdentities']).toEqual(before['userAssignedIdentities']);
  expect(both['principalId']).toEqual(expect.any(String));
  expect(await who()).toEqual(both);
});

test('a change adds the identities that it names, and takes away those that it names as null', async () => {
  const { patch, who, user } = aSet();
  const names = async () => Object.keys(object(await who(), 'userAssignedIdentities'));

  await patch({
    identity: { type: 'UserAssigned', userAssignedIdentities: { [user('more')]: {} } },
  });
  expect(await names()).toEqual([user('id-des-1'), user('more')]);
  await patch({
    identity: { type: 'UserAssigned', userAssignedIdentities: { [user('id-des-1')]: null } },
  });

  expect(await names()).toEqual([user('more')]);
});

test('without its type a set has no identities of users any more', async () => {
  const { patch, who } = aSet();

  await patch({ identity: { type: 'SystemAssigned' } });

  expect(Object.keys(await who()).sort()).toEqual(['principalId', 'tenantId', 'type']);
});

test('a set takes the vault that is named for its key', async () => {
  const { get, patch } = aSet();
  const { activeKey } = object(await get(), 'properties');
  const { keyUrl } = activeKey as { keyUrl: string };
  const sourceVault = {
    id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v',
  };

  await patch({ properties: { activeKey: { sourceVault, keyUrl } } });

  expect((await get())['properties']).toMatchObject({ activeKey: { sourceVault, keyUrl } });
  expect(object(await get(), 'properties')['lastKeyRotationTimestamp']).toBeUndefined();
});

test('what a set cannot change is refused', async () => {
  const { patch } = aSet();

  const type = await patch({
    properties: { encryptionType: 'ConfidentialVmEncryptedWithCustomerKey' },
  });
  const key = await patch({ properties: { activeKey: { sourceVault: { id: '/x' } } } });

  expect([type.status, key.status]).toEqual([409, 400]);
});
