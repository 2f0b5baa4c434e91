import { all, inVirtualTime } from '../clients.ts';
import type { Driven } from './driven.ts';

/** What is around machines, and what they lose when they are switched off. */
export async function drivePlatform({ simulator, compute, graph, arm }: Driven): Promise<void> {
  const { estate } = simulator;
  estate.addVm({ name: 'vm-spot', group: 'rg-web', spot: 'Deallocate', publicIp: 'dynamic' });
  estate.addVm({ name: 'vm-host', group: 'rg-web', dedicatedHost: 'hosts/host-1' });
  estate.addVm({ name: 'vm-reserved', group: 'rg-web', capacityReservation: 'crg' });
  estate.addVm({ name: 'vm-nightly', group: 'rg-web', autoShutdown: '1900' });
  estate.restrictSize({ size: 'Standard_B2ms', reason: 'subscription' });
  estate.addRecoveryVault({
    name: 'rsv-web',
    group: 'rg-web',
    jobs: [{ vm: 'vm-nightly' }, { vm: 'vm-web-01', status: 'Completed' }],
  });

  for (const name of ['vm-spot', 'vm-host', 'vm-reserved']) {
    await compute.virtualMachines.get('rg-web', name);
  }
  await inVirtualTime(compute.virtualMachines.deallocate('rg-web', 'vm-spot'));
  await all(compute.resourceSkus.list({ filter: "location eq 'westeurope'" }));
  await all(compute.availabilitySets.listBySubscription());
  await compute.availabilitySets.get('rg-erp', 'avail-erp');
  await all(compute.virtualMachineScaleSets.listAll());
  await all(compute.virtualMachineScaleSetVMs.list('rg-web', 'vmss-batch'));
  await compute.virtualMachineScaleSets.getInstanceView('rg-web', 'vmss-batch');

  const inGroup = '/resourceGroups/rg-web/providers';
  for (const kind of ['networkInterfaces', 'publicIPAddresses']) {
    await arm('GET', `/providers/Microsoft.Network/${kind}?api-version=2022-07-01`);
  }
  await arm('GET', '/providers/Microsoft.DevTestLab/schedules?api-version=2018-09-15');
  const vaults = 'Microsoft.RecoveryServices/vaults';
  await arm('GET', `/providers/${vaults}?api-version=2024-04-01`);
  await arm('GET', `${inGroup}/${vaults}?api-version=2024-04-01`);
  await arm('GET', `${inGroup}/${vaults}/rsv-web?api-version=2024-04-01`);
  await arm('GET', `${inGroup}/${vaults}/rsv-web/backupJobs?api-version=2024-04-01`);
  await graph.resources({
    query: "RecoveryServicesResources | where properties.status =~ 'InProgress' | project id",
  });
}
