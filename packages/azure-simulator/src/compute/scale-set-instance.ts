import { azureTime } from '../arm/time.ts';
import type { Disk } from './disk.ts';
import { networkConfigurationOf, type ScaleSet, type ScaleSetInstance } from './scale-set.ts';
import { imageOf, osProfile } from './vm-body.ts';

/** Source: REST reference, Virtual Machine Scale Set VMs – Get. */
export function instanceBody(set: ScaleSet, instance: ScaleSetInstance): object {
  const { number, vmId, disks } = instance;
  const { size, os, createdAt } = set.spec;
  const id = instanceId(set, number);
  const system = disks.find(({ spec }) => spec.osType);
  const data = disks.filter((disk) => disk !== system);
  return {
    name: `${set.name}_${number}`,
    id,
    type: `${set.type}/virtualMachines`,
    location: set.location,
    ...(set.tags ? { tags: set.tags } : {}),
    instanceId: number,
    sku: { name: size, tier: 'Standard' },
    properties: {
      latestModelApplied: true,
      modelDefinitionApplied: 'VirtualMachineScaleSet',
      networkProfileConfiguration: {
        networkInterfaceConfigurations: [networkConfigurationOf(set.id, set.name)],
      },
      hardwareProfile: {},
      storageProfile: {
        imageReference: imageOf(os),
        ...(system ? { osDisk: { osType: os, ...attachedDisk(system, 'FromImage') } } : {}),
        dataDisks: data.map((disk, lun) => ({
          lun,
          ...attachedDisk(disk, 'Attach'),
          toBeDetached: false,
        })),
      },
      osProfile: osProfile(`${set.name}${number.padStart(6, '0')}`, os),
      networkProfile: {
        networkInterfaces: [{ id: `${id}/networkInterfaces/${set.name}-nic` }],
      },
      provisioningState: 'Succeeded',
      vmId,
      timeCreated: azureTime(createdAt),
    },
  };
}

function attachedDisk({ name, id, sku, sizeGB, encryption }: Disk, createOption: string): object {
  const set = encryption.diskEncryptionSetId;
  return {
    name,
    createOption,
    caching: createOption === 'FromImage' ? 'ReadWrite' : 'None',
    managedDisk: {
      storageAccountType: sku,
      ...(set ? { diskEncryptionSet: { id: set } } : {}),
      id,
    },
    diskSizeGB: sizeGB,
  };
}

/** An instance is only read here: it runs. */
export function instanceViewOf(set: ScaleSet, { disks }: ScaleSetInstance): object {
  const time = azureTime(set.spec.createdAt);
  const succeeded = provisioned(time);
  return {
    platformUpdateDomain: 0,
    platformFaultDomain: 0,
    disks: disks.map(({ name }) => ({ name, statuses: [succeeded] })),
    hyperVGeneration: 'V2',
    statuses: [
      succeeded,
      { code: 'PowerState/running', level: 'Info', displayStatus: 'VM running' },
    ],
  };
}

/** What a whole scale set says of its machines. */
export function scaleSetView(set: ScaleSet): object {
  const succeeded = provisioned(azureTime(set.spec.createdAt));
  return {
    virtualMachine: { statusesSummary: [{ code: succeeded.code, count: set.capacity }] },
    statuses: [succeeded],
  };
}

function provisioned(time: string) {
  return {
    code: 'ProvisioningState/succeeded',
    level: 'Info',
    displayStatus: 'Provisioning succeeded',
    time,
  };
}

function instanceId(set: ScaleSet, number: string): string {
  return `${set.id}/virtualMachines/${number}`;
}
