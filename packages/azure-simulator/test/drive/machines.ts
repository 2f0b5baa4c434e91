import { all, inVirtualTime } from '../clients.ts';
import { type Driven, refused } from './driven.ts';

export async function driveMachines({ compute }: Driven): Promise<void> {
  await all(compute.virtualMachines.listAll());
  await all(compute.virtualMachines.listAll({ statusOnly: 'true' }));
  await all(compute.virtualMachines.list('rg-erp'));
  await compute.virtualMachines.get('rg-erp', 'vm-erp-app-01', { expand: 'instanceView' });
  await compute.virtualMachines.instanceView('rg-ops', 'vm-design-01');
  await compute.virtualMachineExtensions.list('rg-ops', 'vm-vault-01');
  await inVirtualTime(compute.virtualMachines.deallocate('rg-erp', 'vm-erp-app-01'));
  await compute.virtualMachines.get('rg-erp', 'vm-erp-app-01', { expand: 'instanceView' });
  await inVirtualTime(compute.virtualMachines.start('rg-erp', 'vm-erp-app-01'));
  await inVirtualTime(compute.virtualMachines.powerOff('rg-erp', 'vm-erp-app-01'));
  await inVirtualTime(compute.virtualMachines.start('rg-erp', 'vm-erp-app-01'));
  await inVirtualTime(compute.virtualMachines.restart('rg-erp', 'vm-erp-app-01'));
  await inVirtualTime(compute.virtualMachines.update('rg-web', 'vm-web-01', { tags: { a: 'b' } }));
  await compute.virtualMachineExtensions.get('rg-ops', 'vm-vault-01', 'AzureDiskEncryption');
  await driveLife(compute);
}

/** A machine is made, given a disk and another size, and taken away. */
async function driveLife({ virtualMachines, diskEncryptionSets }: Driven['compute']) {
  const { id = '' } = await diskEncryptionSets.get('rg-keys', 'des-westeurope');
  const onKey = { managedDisk: { diskEncryptionSet: { id } } };
  const dataDisk = { ...onKey, lun: 0, createOption: 'Empty', diskSizeGB: 8 };
  await inVirtualTime(
    virtualMachines.createOrUpdate('rg-web', 'vm-new', {
      location: 'westeurope',
      hardwareProfile: { vmSize: 'Standard_D2s_v3' },
      osProfile: { computerName: 'vm-new', adminUsername: 'operator', adminPassword: 'not shown' },
      networkProfile: { networkInterfaces: [] },
      storageProfile: {
        imageReference: {
          publisher: 'Canonical',
          offer: 'ubuntu-24_04-lts',
          sku: 'server',
          version: 'latest',
        },
        osDisk: { ...onKey, createOption: 'FromImage', deleteOption: 'Delete' },
        dataDisks: [dataDisk],
      },
    }),
  );
  await inVirtualTime(
    virtualMachines.update('rg-web', 'vm-new', {
      hardwareProfile: { vmSize: 'Standard_D4s_v3' },
      storageProfile: { dataDisks: [{ ...dataDisk, lun: 1, name: 'vm-new-more' }] },
    }),
  );
  const vm = await virtualMachines.get('rg-web', 'vm-new', { expand: 'instanceView' });
  await inVirtualTime(virtualMachines.createOrUpdate('rg-web', 'vm-new', vm));
  await refused(virtualMachines.get('rg-web', 'vm-none'));
  await inVirtualTime(virtualMachines.delete('rg-web', 'vm-new'));
}
