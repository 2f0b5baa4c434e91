import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSimulator } from '../src/simulator.ts';
import { aWatchedVault } from './a-watched-vault.ts';
import { ask } from './ask.ts';
import { all, clientsOf, refusal } from './clients.ts';

const DAY_MS = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function aVault(options: { speed?: number; purgeProtection?: boolean } = {}) {
  const { speed = 1, purgeProtection = false } = options;
  const simulator = createSimulator({ speed, deliverWebhook: async () => new Response() });
  const id = simulator.estate.addVault({ name: 'kv-1', purgeProtection, keys: [{ name: 'k' }] });
  return { simulator, id, client: clientsOf(simulator).keys('kv-1') };
}

const days = (count: number) => vi.advanceTimersByTimeAsync(count * DAY_MS);

test('a deletion takes seconds, in which the key can neither be seen nor purged', async () => {
  const { client } = aVault();

  await client.beginDeleteKey('k');
  const during = [
    await refusal(client.getKey('k')),
    await refusal(client.getDeletedKey('k')),
    await refusal(client.purgeDeletedKey('k')),
    await refusal(client.createRsaKey('k')),
  ];
  const listed = await all(client.listDeletedKeys());
  await vi.advanceTimersByTimeAsync(10_000);
  const after = await all(client.listDeletedKeys());
  await client.purgeDeletedKey('k');

  expect(during).toEqual([
    { code: 'KeyNotFound', status: 404 },
    { code: 'KeyNotFound', status: 404 },
    { code: 'Conflict', status: 409 },
    { code: 'Conflict', status: 409 },
  ]);
  expect([listed.length, after.length]).toEqual([0, 1]);
  expect(after[0]?.properties.recoveryId).toBe('https://kv-1.vault.azure.net/deletedkeys/k');
  expect(await refusal(client.getDeletedKey('k'))).toMatchObject({ code: 'KeyNotFound' });
  expect((await client.createRsaKey('k')).name).toBe('k');
});

test('a recovered key comes back with its versions, after seconds', async () => {
  const { client } = aVault();
  await client.rotateKey('k');
  await client.beginDeleteKey('k');
  await vi.advanceTimersByTimeAsync(10_000);

  await client.beginRecoverDeletedKey('k');
  const during = await refusal(client.getKey('k'));
  await vi.advanceTimersByTimeAsync(20_000);

  expect(during).toEqual({ code: 'KeyNotFound', status: 404 });
  expect(await all(client.listPropertiesOfKeyVersions('k'))).toHaveLength(2);
});

test('a protected key is purged by nobody but time', async () => {
  const { client } = aVault({ purgeProtection: true });
  await client.beginDeleteKey('k');
  await vi.advanceTimersByTimeAsync(10_000);

  expect(await refusal(client.purgeDeletedKey('k'))).toEqual({ code: 'Forbidden', status: 403 });
  await days(91);
  expect(await all(client.listDeletedKeys())).toEqual([]);
  expect((await client.createRsaKey('k')).name).toBe('k');
});

test('a policy rotates a key at its time, again and again', async () => {
  const { client } = aVault();
  await client.createRsaKey('turning', { tags: { owner: 'me' } });
  await client.updateKeyRotationPolicy('turning', {
    expiresIn: 'P90D',
    lifetimeActions: [{ action: 'Rotate', timeAfterCreate: 'P60D' }],
  });

  await days(59);
  const before = await all(client.listPropertiesOfKeyVersions('turning'));
  await days(2);
  const once = await all(client.listPropertiesOfKeyVersions('turning'));
  await days(60);
  const twice = await all(client.listPropertiesOfKeyVersions('turning'));

  expect([before.length, once.length, twice.length]).toEqual([1, 2, 3]);
  const { createdOn, expiresOn, tags } = (await client.getKey('turning')).properties;
  expect(Number(expiresOn) - Number(createdOn)).toBe(90 * DAY_MS);
  expect(tags).toEqual({ owner: 'me' });
});

test('a policy rotates a key so long before its end', async () => {
  const { client } = aVault();
  await client.createRsaKey('ending', { expiresOn: new Date(Date.now() + 40 * DAY_MS) });
  await client.updateKeyRotationPolicy('ending', {
    lifetimeActions: [{ action: 'Rotate', timeBeforeExpiry: 'P10D' }],
  });

  await days(29);
  expect(await all(client.listPropertiesOfKeyVersions('ending'))).toHaveLength(1);
  await days(2);
  expect(await all(client.listPropertiesOfKeyVersions('ending'))).toHaveLength(2);
  // Without an `expiryTime` the new version has no end, so that it is not rotated again.
  await days(365);
  expect(await all(client.listPropertiesOfKeyVersions('ending'))).toHaveLength(2);
});

test('speed makes spans shorter, and leaves dates alone', async () => {
  const { client } = aVault({ speed: 100 });
  await client.updateKeyRotationPolicy('k', {
    lifetimeActions: [{ action: 'Rotate', timeAfterCreate: 'P100D' }],
  });

  await days(1.1);

  expect(await all(client.listPropertiesOfKeyVersions('k'))).toHaveLength(2);
});

test('a vault tells of new versions, of a near end and of the end', async () => {
  const { id, made, received, heard, client } = await aWatchedVault();
  const expiresOn = new Date(Math.floor(Date.now() / 1000) * 1000 + 60 * DAY_MS);

  const key = await client.createRsaKey('k', { expiresOn });
  await days(29);
  const early = heard();
  await days(2);
  const near = heard();
  await days(30);

  expect(made.body).toMatchObject({ location: 'westeurope' });
  expect(early).toEqual(['Microsoft.KeyVault.KeyNewVersionCreated k']);
  expect(near.slice(1)).toEqual(['Microsoft.KeyVault.KeyNearExpiry k']);
  expect(heard().slice(2)).toEqual(['Microsoft.KeyVault.KeyExpired k']);
  expect(received.at(-1)?.event).toMatchObject({
    topic: id,
    dataVersion: '1',
    data: {
      Id: key.id,
      VaultName: 'kv-1',
      ObjectType: 'Key',
      ObjectName: 'k',
      Version: key.properties.version,
      EXP: Number(expiresOn) / 1000,
    },
  });
});

test('the end is announced when the policy says so', async () => {
  const { heard, client } = await aWatchedVault();
  await client.createRsaKey('k', { expiresOn: new Date(Date.now() + 60 * DAY_MS) });
  await client.updateKeyRotationPolicy('k', {
    lifetimeActions: [{ action: 'Notify', timeBeforeExpiry: 'P10D' }],
  });

  await days(49);
  expect(heard()).toHaveLength(1);
  await days(2);
  expect(heard().at(-1)).toBe('Microsoft.KeyVault.KeyNearExpiry k');
});

test('nothing is told of versions that are older than the subscription or were replaced', async () => {
  const { heard, client } = await aWatchedVault();
  await client.createRsaKey('k', { expiresOn: new Date(Date.now() + 60 * DAY_MS) });
  await client.rotateKey('k');

  await days(400);

  expect(heard()).toEqual([
    'Microsoft.KeyVault.KeyNewVersionCreated k',
    'Microsoft.KeyVault.KeyNewVersionCreated k',
  ]);
});

test('a vault tells of changed policies and of its change to roles', async () => {
  const { simulator, id, heard } = await aWatchedVault();
  const { tenantId } = simulator;
  const at = 'api-version=2023-07-01';

  await ask(simulator, 'PUT', `${id}/accessPolicies/add?${at}`, {
    properties: {
      accessPolicies: [{ tenantId, objectId: tenantId, permissions: { keys: ['get'] } }],
    },
  });
  await ask(simulator, 'PATCH', `${id}?${at}`, { properties: { enableRbacAuthorization: true } });
  await ask(simulator, 'PATCH', `${id}?${at}`, { tags: { a: 'b' } });
  await vi.advanceTimersByTimeAsync(5000);

  expect(heard()).toEqual([
    'Microsoft.KeyVault.VaultAccessPolicyChanged kv-1',
    'Microsoft.KeyVault.VaultAccessPolicyChanged kv-1',
  ]);
});
