import { azureTime } from '../arm/time.ts';
import { subnetBeside } from '../network/network-interface.ts';
import type { ResourceBody } from '../resources/resource.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';
import type { Disk } from './disk.ts';
import type { Vm } from './vm.ts';
import { imageOf, osProfile } from './vm-body.ts';
import type { VmSpec } from './vm-spec.ts';

export const SCALE_SET_TYPE = 'Microsoft.Compute/virtualMachineScaleSets';

export interface ScaleSetSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly mode: 'Uniform' | 'Flexible';
  readonly size: string;
  readonly os: VmSpec['os'];
  readonly uniqueId: string;
  readonly createdAt: number;
  /** ARM ID of the encryption set in its model; `undefined` for platform keys. */
  readonly encryptionSetId: string | undefined;
}

/** A machine of a uniform scale set, which is no resource of its own. */
export interface ScaleSetInstance {
  /** `0`, `1`, …. */
  readonly number: string;
  readonly vmId: string;
  readonly disks: Disk[];
}

/** A scale set: its model, and the machines that were made of it. */
export class ScaleSet extends TrackedResource<ScaleSetSpec> {
  readonly type = SCALE_SET_TYPE;
  /** Of a uniform scale set, by number. */
  readonly instances = new Map<string, ScaleSetInstance>();
  readonly #vms: Vm[] = [];

  add(vm: Vm): void {
    this.#vms.push(vm);
  }

  /** Of a flexible scale set: machines like any other. */
  get vms(): readonly Vm[] {
    return this.#vms.filter(({ phase }) => phase !== 'Deleting');
  }

  get capacity(): number {
    return this.instances.size + this.vms.length;
  }

  /**
   * Source: REST reference, Virtual Machine Scale Sets – Get. What flexible ones leave out is taken
   * from "Orchestration modes for Virtual Machine Scale Sets".
   */
  body(): ResourceBody {
    const { mode, size, uniqueId, createdAt } = this.spec;
    const isUniform = mode === 'Uniform';
    const createdTime = azureTime(createdAt);
    return {
      ...this.head(),
      sku: { name: size, tier: 'Standard', ...{ capacity: this.capacity } },
      properties: {
        singlePlacementGroup: isUniform,
        orchestrationMode: mode,
        ...(isUniform ? { upgradePolicy: { mode: 'Manual' } } : {}),
        virtualMachineProfile: { ...profileOf(this.spec), timeCreated: createdTime },
        provisioningState: 'Succeeded',
        ...(isUniform
          ? { overprovision: false, doNotRunExtensionsOnOverprovisionedVMs: false }
          : {}),
        uniqueId,
        platformFaultDomainCount: isUniform ? 5 : 1,
        timeCreated: createdTime,
      },
    };
  }
}

function profileOf({ id, name, os, encryptionSetId }: ScaleSetSpec): object {
  const { computerName, ...rest } = osProfile(name, os);
  return {
    osProfile: { computerNamePrefix: computerName, ...rest },
    storageProfile: {
      osDisk: {
        osType: os,
        createOption: 'FromImage',
        caching: 'ReadWrite',
        managedDisk: {
          storageAccountType: 'Premium_LRS',
          ...(encryptionSetId ? { diskEncryptionSet: { id: encryptionSetId } } : {}),
        },
        diskSizeGB: 30,
      },
      imageReference: imageOf(os),
    },
    networkProfile: { networkInterfaceConfigurations: [networkConfigurationOf(id, name)] },
  };
}

export function networkConfigurationOf(scaleSetId: string, name: string): object {
  return {
    name: `${name}-nic`,
    properties: {
      primary: true,
      enableAcceleratedNetworking: false,
      disableTcpStateTracking: false,
      dnsSettings: { dnsServers: [] },
      enableIPForwarding: false,
      ipConfigurations: [
        {
          name: 'ipconfig1',
          properties: {
            primary: true,
            subnet: { id: subnetBeside(scaleSetId) },
            privateIPAddressVersion: 'IPv4',
          },
        },
      ],
    },
  };
}
