import { ArmError } from '../arm/arm-error.ts';
import { azureTime } from '../arm/time.ts';
import type { JsonObject } from '../resources/json.ts';
import type { ResourceBody } from '../resources/resource.ts';
import type { Tags } from '../resources/tags.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';
import { type BackgroundCopy, percentOf } from './background-copy.ts';
import { tierOf } from './disk.ts';
import type { DiskEncryption } from './disk-spec.ts';

export const SNAPSHOT_TYPE = 'Microsoft.Compute/snapshots';

export interface SnapshotSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly sku: string;
  readonly sizeGB: number;
  readonly incremental: boolean;
  readonly encryption: DiskEncryption;
  readonly uniqueId: string;
  readonly createdAt: number;
  /** What it has from its source: `osType`, `hyperVGeneration`, `securityProfile`, … */
  readonly inherited: Readonly<Record<string, unknown>>;
  /** `Copy`, `CopyStart` of a copy that goes on in the background, or `Empty`. */
  readonly creationData: Readonly<Record<string, unknown>>;
  /**
   * The disk that it was taken from; a disk made again under the name has another unique ID. `null`
   * for an empty one.
   */
  readonly source: { readonly id: string; readonly uniqueId: string } | null;
}

/** A snapshot of a disk. Source: recorded bodies 2019–2024. */
export class Snapshot extends TrackedResource<SnapshotSpec> {
  readonly type = SNAPSHOT_TYPE;
  encryption: DiskEncryption;
  provisioningState: 'Succeeded' | 'Deleting' = 'Succeeded';
  /** What was asked of it beside, as a GET gives it: `networkAccessPolicy`, … */
  more: JsonObject = {};
  /** How it is made after the operation; `null` where it was complete with it. */
  copy: BackgroundCopy | null = null;

  constructor(spec: SnapshotSpec, tags?: Tags) {
    super(spec, tags);
    this.encryption = spec.encryption;
  }

  body(): ResourceBody {
    const { sku, sizeGB, incremental, uniqueId, createdAt, source } = this.spec;
    const {
      osType,
      hyperVGeneration,
      supportsHibernation,
      supportedCapabilities,
      securityProfile,
    } = this.spec.inherited;
    return {
      ...this.head(),
      sku: { name: sku, tier: tierOf(sku) },
      properties: {
        ...(osType ? { osType, hyperVGeneration } : {}),
        ...(supportsHibernation ? { supportsHibernation } : {}),
        ...(supportedCapabilities ? { supportedCapabilities } : {}),
        creationData: {
          createOption: 'Copy',
          ...this.spec.creationData,
          ...(source ? { sourceResourceId: source.id, sourceUniqueId: source.uniqueId } : {}),
        },
        diskSizeGB: sizeGB,
        encryption: this.encryption,
        incremental,
        networkAccessPolicy: 'AllowAll',
        ...(securityProfile ? { securityProfile } : {}),
        publicNetworkAccess: 'Enabled',
        ...this.more,
        timeCreated: azureTime(createdAt),
        provisioningState: this.provisioningState,
        diskState: 'Unattached',
        diskSizeBytes: sizeGB * 2 ** 30,
        uniqueId,
        ...(incremental
          ? {
              completionPercent: percentOf(this.copy),
              incrementalSnapshotFamilyId: source?.uniqueId ?? uniqueId,
            }
          : {}),
      },
    };
  }
}

/**
 * Refuses to use or change a snapshot that is still being copied in the background.
 *
 * Source: "Create an incremental snapshot", Restrictions; code and text assumed.
 *
 * @throws ArmError 409
 */
export function refuseUnfinished({ name, copy }: Snapshot): void {
  const percent = percentOf(copy);
  if (percent === 100) return;
  throw new ArmError(
    409,
    'OperationNotAllowed',
    `Snapshot ${name} is being copied in the background (${percent}% complete).`,
  );
}
