import type { ResourceBody } from '../resources/resource.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';
import type { BackgroundCopy } from './background-copy.ts';
import { diskProperties } from './disk-properties.ts';
import type { DiskEncryption, DiskSpec, DiskStateName } from './disk-spec.ts';

export const DISK_TYPE = 'Microsoft.Compute/disks';

/** A machine that holds a disk; its power decides the disk's state. */
export interface DiskOwner {
  readonly id: string;
  readonly diskState: 'Attached' | 'Reserved' | 'Frozen';
}

/** A managed disk. Source: 4,958 recorded bodies, api-versions 2020–2025. */
export class Disk extends TrackedResource<DiskSpec> {
  readonly type = DISK_TYPE;
  readonly owners: DiskOwner[] = [];
  encryption: DiskEncryption;
  sku: string;
  sizeGB: number;
  more: Readonly<Record<string, unknown>>;
  fixedState: DiskStateName | undefined;
  provisioningState = 'Succeeded';
  /** How it is filled from an incremental snapshot; `null` for a disk that never was. */
  copy: BackgroundCopy | null = null;
  ownershipUpdatedAt: number | null = null;

  constructor(spec: DiskSpec, tags?: Readonly<Record<string, string>>) {
    super(spec, tags);
    this.encryption = spec.encryption;
    this.sku = spec.sku;
    this.sizeGB = spec.sizeGB;
    this.more = spec.more ?? {};
    this.fixedState = spec.fixedState;
  }

  /** Whether its kind is kept by the newer storage, with rules of its own. */
  get isDirectDrive(): boolean {
    return isDirectDrive(this.sku);
  }

  /** One running owner is enough for `Attached`, however many share the disk. */
  get diskState(): DiskStateName {
    if (this.fixedState) return this.fixedState;
    const states = this.owners.map(({ diskState }) => diskState);
    if (states.includes('Attached')) return 'Attached';
    if (states.includes('Frozen')) return 'Frozen';
    if (states.includes('Reserved')) return 'Reserved';
    return 'Unattached';
  }

  get managedBy(): string | undefined {
    return this.spec.foreignOwner ?? this.#ownerIds()[0];
  }

  get isShared(): boolean {
    return Number(this.more['maxShares'] ?? 1) > 1;
  }

  /** IDs of the machines that share the disk; none when it is not shared. */
  get sharers(): readonly string[] {
    return this.isShared ? this.#ownerIds() : [];
  }

  body(): ResourceBody {
    const { zones } = this.spec;
    const shared = this.sharers.length > 0;
    return {
      ...this.head(),
      ...(zones ? { zones } : {}),
      ...(this.managedBy && !shared ? { managedBy: this.managedBy } : {}),
      ...(shared ? { managedByExtended: this.sharers } : {}),
      sku: { name: this.sku, tier: tierOf(this.sku) },
      properties: diskProperties(this),
    };
  }

  #ownerIds(): readonly string[] {
    return this.owners.map(({ id }) => id);
  }
}

/** Premium SSD v2 and Ultra. */
export function isDirectDrive(sku: string): boolean {
  return sku === 'PremiumV2_LRS' || sku === 'UltraSSD_LRS';
}

/** `Standard`, also of `StandardSSD_LRS`; `Ultra` of `UltraSSD_LRS`. Source: recorded bodies. */
export function tierOf(sku: string): string {
  return (sku.split('_')[0] ?? sku).replace(/SSD$/, '');
}
