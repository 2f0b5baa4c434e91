import { KeyClient } from '@azure/keyvault-keys';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSimulator } from '../src/simulator.ts';
import { ask } from './ask.ts';
import { clientsOf, inVirtualTime, refusal } from './clients.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function anAzure() {
  const simulator = createSimulator();
  const id = simulator.estate.addVault({ name: 'hsm-1', kind: 'hsm', purgeProtection: false });
  const asked: string[] = [];
  const credential = {
    getToken: async (scopes: string | string[]) => {
      asked.push(...[scopes].flat());
      return { token: 'static', expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
    },
  };
  const { httpClient } = simulator;
  const options = { httpClient, retryOptions: { maxRetries: 0 } };
  const client = new KeyClient('https://hsm-1.managedhsm.azure.net', credential, options);
  return { simulator, id, client, asked };
}

test('a managed HSM is shown to whoever reads the subscription', async () => {
  const { simulator, id } = anAzure();

  const { status, body } = await ask(simulator, 'GET', `${id}?api-version=2023-07-01`);

  expect(status).toBe(200);
  expect(body).toMatchObject({
    type: 'Microsoft.KeyVault/managedHSMs',
    sku: { family: 'B', name: 'Standard_B1' },
    properties: { hsmUri: 'https://hsm-1.managedhsm.azure.net/', provisioningState: 'Succeeded' },
  });
});

test('its keys live as those of a vault do, for tokens of its own', async () => {
  const { client, asked } = anAzure();

  const made = await client.createRsaKey('k');
  const rotated = await client.rotateKey('k');
  const poller = await client.beginDeleteKey('k');
  await inVirtualTime(poller.pollUntilDone());
  await client.purgeDeletedKey('k');

  expect(asked).toContain('https://managedhsm.azure.net/.default');
  expect(made.id).toMatch(/^https:\/\/hsm-1\.managedhsm\.azure\.net\/keys\/k\/[0-9a-f]{32}$/);
  expect(made.keyType).toBe('RSA-HSM');
  expect(rotated.properties.version).not.toBe(made.properties.version);
  expect((await refusal(client.getKey('k'))).code).toBe('KeyNotFound');
});

test('a set takes its key from a managed HSM, and its disks stop with the key', async () => {
  const { simulator, id, client } = anAzure();
  simulator.estate.addDisk({ name: 'disk-1' });
  simulator.estate.addDisk({ name: 'disk-2' });
  const { compute } = clientsOf(simulator);
  const { id: keyUrl = '' } = await client.createRsaKey('k');
  const set = await inVirtualTime(
    compute.diskEncryptionSets.createOrUpdate('rg-test', 'des', {
      location: 'westeurope',
      identity: { type: 'SystemAssigned' },
      activeKey: { sourceVault: { id }, keyUrl },
    }),
  );
  const encryption = {
    type: 'EncryptionAtRestWithCustomerKey',
    diskEncryptionSetId: set.id ?? '',
  };

  await inVirtualTime(compute.disks.update('rg-test', 'disk-1', { encryption }));
  await client.updateKeyProperties('k', { enabled: false });
  const after = await refusal(
    inVirtualTime(compute.disks.update('rg-test', 'disk-2', { encryption })),
  );

  expect(set.activeKey?.sourceVault?.id).toBe(id);
  expect(after.code).toBe('KeyVaultKeyNotEnabled');
});

test('an estate names an HSM and its keys as it does a vault', async () => {
  const simulator = createSimulator({
    estate: {
      subscriptionId: '5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30',
      vaults: [{ name: 'hsm-2', kind: 'hsm', keys: [{ name: 'k' }] }],
      encryptionSets: [{ name: 'des', key: 'hsm-2/k' }],
    },
  });

  const { activeKey } = await clientsOf(simulator).compute.diskEncryptionSets.get('rg-test', 'des');

  expect(activeKey?.keyUrl).toMatch(/^https:\/\/hsm-2\.managedhsm\.azure\.net\/keys\/k\//);
  expect(activeKey?.sourceVault?.id).toMatch(/\/managedHSMs\/hsm-2$/);
});
