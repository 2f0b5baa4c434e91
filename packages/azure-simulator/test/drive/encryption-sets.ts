import { vi } from 'vitest';
import { all, inVirtualTime } from '../clients.ts';
import type { Driven } from './driven.ts';

export async function driveEncryptionSets({ compute, keys }: Driven): Promise<void> {
  const { activeKey } = await compute.diskEncryptionSets.get('rg-keys', 'des-westeurope');
  await all(compute.diskEncryptionSets.list());
  await all(compute.diskEncryptionSets.listByResourceGroup('rg-keys'));
  await all(compute.diskEncryptionSets.listAssociatedResources('rg-keys', 'des-westeurope'));
  await inVirtualTime(
    compute.diskEncryptionSets.createOrUpdate('rg-keys', 'des-new', {
      location: 'westeurope',
      identity: { type: 'SystemAssigned' },
      activeKey: { keyUrl: activeKey?.keyUrl ?? '' },
    }),
  );
  await inVirtualTime(
    compute.diskEncryptionSets.update('rg-keys', 'des-new', {
      rotationToLatestKeyVersionEnabled: true,
    }),
  );
  await keys('kv-keyturn-weu').rotateKey('disks');
  await vi.advanceTimersByTimeAsync(25 * 60_000);
  await all(compute.diskEncryptionSets.listByResourceGroup('rg-keys'));
  await compute.diskEncryptionSets.get('rg-keys', 'des-new');
  await vi.advanceTimersByTimeAsync(25 * 60_000);
  await compute.diskEncryptionSets.get('rg-keys', 'des-new');
  await inVirtualTime(compute.diskEncryptionSets.delete('rg-keys', 'des-new'));
}
