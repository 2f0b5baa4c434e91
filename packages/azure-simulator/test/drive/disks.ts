import { all, inVirtualTime } from '../clients.ts';
import { type Driven, refused } from './driven.ts';

export async function driveDisks({ compute }: Driven): Promise<void> {
  const set = await compute.diskEncryptionSets.get('rg-keys', 'des-westeurope');
  const diskEncryptionSetId = set.id ?? '';
  const encryption = { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId };
  await all(compute.disks.list());
  await all(compute.disks.listByResourceGroup('rg-erp'));
  await inVirtualTime(compute.virtualMachines.deallocate('rg-erp', 'vm-erp-app-01'));
  await inVirtualTime(compute.disks.update('rg-erp', 'vm-erp-app-01-data-1', { encryption }));
  await inVirtualTime(
    compute.disks.createOrUpdate('rg-web', 'disk-new', {
      location: 'westeurope',
      creationData: { createOption: 'Empty' },
      diskSizeGB: 8,
      encryption,
    }),
  );
  await inVirtualTime(
    compute.disks.grantAccess('rg-web', 'disk-new', { access: 'Read', durationInSeconds: 60 }),
  );
  await inVirtualTime(compute.disks.revokeAccess('rg-web', 'disk-new'));
  await inVirtualTime(compute.disks.delete('rg-web', 'disk-new'));
  await refused(compute.disks.get('rg-web', 'disk-new'));
  await refused(compute.disks.get('rg-none', 'disk-new'));
  await refused(inVirtualTime(compute.disks.update('rg-erp', 'vm-erp-01-data-1', { encryption })));
}
