import { all, inVirtualTime } from '../clients.ts';
import type { Driven } from './driven.ts';

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
}
