import { all } from '../clients.ts';
import { type Driven, refused } from './driven.ts';

export async function driveKeys({ keys, arm }: Driven): Promise<void> {
  const client = keys('kv-keyturn-weu');
  await client.getKey('disks');
  await all(client.listPropertiesOfKeys());
  await all(client.listPropertiesOfKeyVersions('disks'));
  await client.updateKeyProperties('disks-legacy', { enabled: true, tags: { a: 'b' } });
  await refused(client.getKey('nothing'));
  await client.beginDeleteKey('disks-double');
  await client.getDeletedKey('disks-double');

  const vaults = 'providers/Microsoft.KeyVault/vaults';
  await arm('GET', `/${vaults}?api-version=2023-07-01`);
  await arm('GET', `/resourceGroups/rg-keys/${vaults}/kv-keyturn-weu?api-version=2023-07-01`);
}
