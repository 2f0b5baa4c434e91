import type { KeyClient } from '@azure/keyvault-keys';
import { all, inVirtualTime } from '../clients.ts';
import { type Driven, refused } from './driven.ts';

export async function driveKeys(driven: Driven): Promise<void> {
  const { keys, simulator } = driven;
  simulator.estate.addVault({ name: 'kv-made', purgeProtection: false });
  await driveVault(keys('kv-keyturn-weu'));
  await driveLifeOfKeys(keys('kv-made'));
  await driveManagement(driven);
}

async function driveVault(client: KeyClient): Promise<void> {
  await client.getKey('disks');
  await all(client.listPropertiesOfKeys());
  await all(client.listPropertiesOfKeyVersions('disks'));
  await client.updateKeyProperties('disks-legacy', { enabled: true, tags: { a: 'b' } });
  await refused(client.getKey('nothing'));
}

async function driveLifeOfKeys(client: KeyClient): Promise<void> {
  const expiresOn = new Date(Date.now() + 90 * 86_400_000);
  await client.createRsaKey('made', { keySize: 3072, expiresOn, notBefore: new Date() });
  await client.getKeyRotationPolicy('made');
  await client.updateKeyRotationPolicy('made', {
    expiresIn: 'P90D',
    lifetimeActions: [
      { action: 'Rotate', timeAfterCreate: 'P30D' },
      { action: 'Notify', timeBeforeExpiry: 'P10D' },
    ],
  });
  await client.rotateKey('made');
  await inVirtualTime(deleted(client));
  await client.getDeletedKey('made');
  await all(client.listDeletedKeys());
  await inVirtualTime(
    client.beginRecoverDeletedKey('made').then((poller) => poller.pollUntilDone()),
  );
  const deletion = deleted(client);
  await refused(client.purgeDeletedKey('made'));
  await inVirtualTime(deletion);
  await client.purgeDeletedKey('made');
}

async function deleted(client: KeyClient): Promise<unknown> {
  const poller = await client.beginDeleteKey('made');
  return poller.pollUntilDone();
}

async function driveManagement({ simulator, arm }: Driven): Promise<void> {
  const provider = '/providers/Microsoft.KeyVault';
  const group = `/resourceGroups/rg-keys${provider}`;
  const { tenantId } = simulator;
  simulator.estate.addVault({ name: 'hsm-made', kind: 'hsm', group: 'rg-keys' });
  for (const version of ['2023-07-01', '2026-02-01']) {
    const name = `kv-new-${version.slice(0, 4)}`;
    const vault = `${group}/vaults/${name}`;
    const ask = (method: string, path: string, body?: unknown) =>
      arm(method, `${path}?api-version=${version}`, body);
    await ask('GET', `${provider}/vaults`);
    await ask('GET', `${group}/vaults`);
    await ask('GET', `${group}/vaults/kv-keyturn-weu`);
    await ask('PUT', vault, {
      location: 'westeurope',
      properties: {
        tenantId,
        sku: { family: 'A', name: 'premium' },
        accessPolicies: [],
        enableRbacAuthorization: false,
        networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' },
      },
    });
    await ask('GET', vault);
    await ask('PATCH', vault, { tags: { a: 'b' } });
    const permissions = { keys: ['get', 'wrapKey', 'unwrapKey'] };
    const policy = { tenantId, objectId: simulator.identity.objectId, permissions };
    for (const change of ['add', 'replace', 'remove']) {
      await ask('PUT', `${vault}/accessPolicies/${change}`, {
        properties: { accessPolicies: [policy] },
      });
    }
    await ask('DELETE', vault);
    await ask('DELETE', vault);
    await ask('GET', `${provider}/deletedVaults`);
    // The published example and the youngest document differ in the type of one that is there.
    if (version === '2023-07-01') {
      await ask('GET', `${provider}/locations/westeurope/deletedVaults/${name}`);
    }
    await ask('POST', `${provider}/locations/westeurope/deletedVaults/${name}/purge`);
    await ask('GET', `${provider}/locations/westeurope/deletedVaults/${name}`);
    await ask('GET', `${provider}/managedHSMs`);
    await ask('GET', `${group}/managedHSMs`);
    await ask('GET', `${group}/managedHSMs/hsm-made`);
  }
}
