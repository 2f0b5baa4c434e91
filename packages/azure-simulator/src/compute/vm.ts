import type { ResourceBody } from '../resources/resource.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';
import type { Disk, DiskOwner } from './disk.ts';
import { vmBody } from './vm-body.ts';
import type { DiskSettings, PowerState, VmSpec } from './vm-spec.ts';

export const VM_TYPE = 'Microsoft.Compute/virtualMachines';

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

const USUAL_OS_DISK = {
  createOption: 'FromImage',
  caching: 'ReadWrite',
  deleteOption: 'Detach',
} as const;
const USUAL_DATA_DISK = {
  createOption: 'Attach',
  caching: 'None',
  deleteOption: 'Detach',
} as const;

/** A virtual machine: its power, its disks, and what has happened to it. */
export class Vm extends TrackedResource<VmSpec> implements DiskOwner {
  readonly type = VM_TYPE;
  readonly firstPower: PowerState;
  osDisk: Disk | null = null;
  readonly dataDisks: Disk[] = [];
  readonly downtimes: Downtime[] = [];
  size: string;
  /** ARM ID of its proximity placement group. */
  placementGroupId: string | undefined;
  power: PowerState;
  /** While it is made, changed or taken away; `null` else. */
  phase: 'Creating' | 'Updating' | 'Deleting' | null = null;
  hibernated: boolean;
  /** Why the last operation failed; shown by the instance view until one succeeds. */
  failure: ProvisioningFailure | null = null;
  etag = 2;
  starts = 0;
  deallocations = 0;
  updatedAt: number;
  readonly #settings = new Map<Disk, DiskSettings>();

  constructor(
    spec: VmSpec,
    power: PowerState | 'hibernated',
    tags?: Readonly<Record<string, string>>,
  ) {
    super(spec, tags);
    this.hibernated = power === 'hibernated';
    this.power = power === 'hibernated' ? 'deallocated' : power;
    this.firstPower = this.power;
    this.size = spec.size;
    this.placementGroupId = spec.placementGroupId;
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

  attach(disk: Disk, as: 'os' | 'data', settings: Partial<DiskSettings> = {}): void {
    if (as === 'os') this.osDisk = disk;
    else this.dataDisks.push(disk);
    const usual = as === 'os' ? USUAL_OS_DISK : USUAL_DATA_DISK;
    this.#settings.set(disk, { ...usual, lun: this.dataDisks.length - 1, ...settings });
    disk.owners.push(this);
    disk.ownershipUpdatedAt = Date.now();
  }

  detach(disk: Disk): void {
    const owner = disk.owners.indexOf(this);
    if (owner >= 0) disk.owners.splice(owner, 1);
    const data = this.dataDisks.indexOf(disk);
    if (data >= 0) this.dataDisks.splice(data, 1);
    if (this.osDisk === disk) this.osDisk = null;
    this.#settings.delete(disk);
    disk.ownershipUpdatedAt = Date.now();
  }

  settingsOf(disk: Disk): DiskSettings {
    return this.#settings.get(disk) ?? { ...USUAL_DATA_DISK, lun: 0 };
  }

  body(): ResourceBody {
    return vmBody(this, this.head());
  }

  get provisioningState(): string {
    if (this.phase) return this.phase;
    if (this.power === 'deallocating' || this.power === 'starting' || this.power === 'stopping') {
      return 'Updating';
    }
    return this.failure ? 'Failed' : 'Succeeded';
  }
}
