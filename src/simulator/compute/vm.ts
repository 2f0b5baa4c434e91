import type { ResourceBody } from '../resources/resource.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';
import type { Disk, DiskOwner } from './disk.ts';
import { vmBody } from './vm-body.ts';

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
export class Vm extends TrackedResource<VmSpec> implements DiskOwner {
  readonly type = VM_TYPE;
  readonly firstPower: PowerState;
  osDisk: Disk | null = null;
  readonly dataDisks: Disk[] = [];
  readonly downtimes: Downtime[] = [];
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
    super(spec, tags);
    this.hibernated = power === 'hibernated';
    this.power = power === 'hibernated' ? 'deallocated' : power;
    this.firstPower = this.power;
    this.updatedAt = spec.createdAt;
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
    return vmBody(this, this.head());
  }

  get provisioningState(): string {
    if (this.power === 'deallocating' || this.power === 'starting' || this.power === 'stopping') {
      return 'Updating';
    }
    return this.failure ? 'Failed' : 'Succeeded';
  }
}
