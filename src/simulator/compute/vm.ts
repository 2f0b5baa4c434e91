import { azureTime } from '../arm/time.ts';
import type { ResourceBody, ResourceRecord } from '../resources/resource.ts';
import type { Disk, DiskOwner } from './disk.ts';

export const VM_TYPE = 'Microsoft.Compute/virtualMachines';

export type PowerState =
  | 'running'
  | 'stopped'
  | 'deallocated'
  | 'starting'
  | 'stopping'
  | 'deallocating';

export interface VmSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly zones?: readonly string[] | undefined;
  readonly size: string;
  readonly os: 'Linux' | 'Windows';
  readonly vmId: string;
  readonly createdAt: number;
  readonly availabilitySetId?: string | undefined;
  readonly scaleSetId?: string | undefined;
  readonly encryptionAtHost?: boolean | undefined;
  readonly securityType?: string | undefined;
  readonly ephemeralOsDisk?: boolean | undefined;
  readonly hibernationEnabled?: boolean | undefined;
  readonly extensions?: readonly VmExtension[];
}

export interface VmExtension {
  readonly name: string;
  readonly publisher: string;
  readonly type: string;
  readonly version: string;
}

/** One time that a machine was off, as the outside world sees it. ISO 8601, `null` until it is. */
export interface Downtime {
  readonly deallocateRequestedAt: string;
  deallocatedAt: string | null;
  startRequestedAt: string | null;
  runningAt: string | null;
}

export interface ProvisioningFailure {
  readonly code: string;
  readonly message: string;
}

/** A virtual machine: its power, its disks, and what has happened to it. */
export class Vm implements ResourceRecord, DiskOwner {
  readonly type = VM_TYPE;
  readonly spec: VmSpec;
  readonly firstPower: PowerState;
  osDisk: Disk | null = null;
  readonly dataDisks: Disk[] = [];
  readonly downtimes: Downtime[] = [];
  tags: Readonly<Record<string, string>> | undefined;
  power: PowerState;
  hibernated: boolean;
  /** Why the last operation failed; shown by the instance view until one succeeds. */
  failure: ProvisioningFailure | null = null;
  etag = 2;
  starts = 0;
  deallocations = 0;
  updatedAt: number;

  constructor(
    spec: VmSpec,
    power: PowerState | 'hibernated',
    tags?: Readonly<Record<string, string>>,
  ) {
    this.spec = spec;
    this.tags = tags;
    this.hibernated = power === 'hibernated';
    this.power = power === 'hibernated' ? 'deallocated' : power;
    this.firstPower = this.power;
    this.updatedAt = spec.createdAt;
  }

  get id(): string {
    return this.spec.id;
  }
  get name(): string {
    return this.spec.name;
  }
  get location(): string {
    return this.spec.location;
  }

  /** Off in the guest is still attached; only deallocation gives the disks free. */
  get diskState(): 'Attached' | 'Reserved' | 'Frozen' {
    if (this.power !== 'deallocated') return 'Attached';
    return this.hibernated ? 'Frozen' : 'Reserved';
  }

  get disks(): readonly Disk[] {
    return this.osDisk ? [this.osDisk, ...this.dataDisks] : this.dataDisks;
  }

  attach(disk: Disk, as: 'os' | 'data'): void {
    if (as === 'os') this.osDisk = disk;
    else this.dataDisks.push(disk);
    disk.owners.push(this);
    disk.ownershipUpdatedAt = Date.now();
  }

  detach(disk: Disk): void {
    const owner = disk.owners.indexOf(this);
    if (owner >= 0) disk.owners.splice(owner, 1);
    const data = this.dataDisks.indexOf(disk);
    if (data >= 0) this.dataDisks.splice(data, 1);
    disk.ownershipUpdatedAt = Date.now();
  }

  body(): ResourceBody {
    const { spec, osDisk } = this;
    return {
      name: this.name,
      id: this.id,
      type: this.type,
      location: this.location,
      ...(this.tags ? { tags: this.tags } : {}),
      ...(spec.zones ? { zones: spec.zones } : {}),
      properties: {
        hardwareProfile: { vmSize: spec.size },
        provisioningState: this.#provisioningState(),
        vmId: spec.vmId,
        ...(spec.availabilitySetId ? { availabilitySet: { id: spec.availabilitySetId } } : {}),
        ...(spec.scaleSetId ? { virtualMachineScaleSet: { id: spec.scaleSetId } } : {}),
        ...(spec.hibernationEnabled
          ? { additionalCapabilities: { hibernationEnabled: true } }
          : {}),
        storageProfile: {
          imageReference: imageOf(spec.os),
          osDisk: osDisk ? this.#attached(osDisk, null) : ephemeralDisk(spec),
          dataDisks: this.dataDisks.map((disk, lun) => this.#attached(disk, lun)),
        },
        osProfile: osProfile(this.name, spec.os),
        ...(securityProfile(spec) ?? {}),
        networkProfile: { networkInterfaces: [{ id: networkInterfaceOf(this.id) }] },
        timeCreated: azureTime(spec.createdAt),
      },
      ...{ etag: `"${this.etag}"` },
    };
  }

  /** A deallocated machine says neither size nor storage type. Source: 166 of 166 recorded bodies. */
  #attached(disk: Disk, lun: number | null): object {
    const off = this.power === 'deallocated';
    const set = disk.encryption.diskEncryptionSetId;
    return {
      ...(lun === null ? { osType: this.spec.os } : { lun }),
      name: disk.name,
      createOption: lun === null ? 'FromImage' : 'Attach',
      caching: lun === null ? 'ReadWrite' : 'None',
      managedDisk: {
        ...(off ? {} : { storageAccountType: disk.sku }),
        id: disk.id,
        ...(set ? { diskEncryptionSet: { id: set } } : {}),
      },
      deleteOption: 'Detach',
      ...(off ? {} : { diskSizeGB: disk.sizeGB }),
    };
  }

  #provisioningState(): string {
    if (this.power === 'deallocating' || this.power === 'starting' || this.power === 'stopping') {
      return 'Updating';
    }
    return this.failure ? 'Failed' : 'Succeeded';
  }
}

function imageOf(os: VmSpec['os']): object {
  return os === 'Linux'
    ? {
        publisher: 'Canonical',
        offer: 'ubuntu-24_04-lts',
        sku: 'server',
        version: 'latest',
        exactVersion: '24.04.202501140',
      }
    : {
        publisher: 'MicrosoftWindowsServer',
        offer: 'WindowsServer',
        sku: '2022-datacenter-g2',
        version: 'latest',
        exactVersion: '20348.2966.241205',
      };
}

function osProfile(computerName: string, os: VmSpec['os']): object {
  const configuration =
    os === 'Linux'
      ? { linuxConfiguration: { disablePasswordAuthentication: true, provisionVMAgent: true } }
      : { windowsConfiguration: { provisionVMAgent: true, enableAutomaticUpdates: true } };
  return {
    computerName,
    adminUsername: 'operator',
    ...configuration,
    secrets: [],
    allowExtensionOperations: true,
    requireGuestProvisionSignal: true,
  };
}

function ephemeralDisk({ name, os }: VmSpec): object {
  return {
    osType: os,
    name: `${name}_OsDisk`,
    createOption: 'FromImage',
    caching: 'ReadOnly',
    diffDiskSettings: { option: 'Local', placement: 'CacheDisk' },
    deleteOption: 'Delete',
    diskSizeGB: 30,
  };
}

function securityProfile({ encryptionAtHost, securityType }: VmSpec): object | null {
  if (!encryptionAtHost && !securityType) return null;
  return {
    securityProfile: {
      ...(encryptionAtHost ? { encryptionAtHost: true } : {}),
      ...(securityType
        ? { securityType, uefiSettings: { secureBootEnabled: true, vTpmEnabled: true } }
        : {}),
    },
  };
}

/** The interface that a machine names; one each. */
export function networkInterfaceOf(vmId: string): string {
  return vmId
    .replace('/Microsoft.Compute/virtualMachines/', '/Microsoft.Network/networkInterfaces/')
    .concat('-nic');
}
