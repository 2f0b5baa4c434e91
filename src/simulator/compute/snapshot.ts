import { azureTime } from '../arm/time.ts';
import type { ResourceBody } from '../resources/resource.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';
import { type DiskEncryption, tierOf } from './disk.ts';

export const SNAPSHOT_TYPE = 'Microsoft.Compute/snapshots';
export const RESTORE_TYPE = 'Microsoft.Compute/restorePointCollections';

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
  /** `Copy`, or `CopyStart` of a copy that goes on in the background. */
  readonly creationData: Readonly<Record<string, unknown>>;
  /** 0 while a background copy runs. */
  readonly completionPercent: number;
  /** The disk that it was taken from; a disk made again under the name has another unique ID. */
  readonly source: { readonly id: string; readonly uniqueId: string };
}

/** A snapshot of a disk. Source: recorded bodies 2019–2024. */
export class Snapshot extends TrackedResource<SnapshotSpec> {
  readonly type = SNAPSHOT_TYPE;

  body(): ResourceBody {
    const { sku, sizeGB, incremental, encryption, uniqueId, createdAt, source } = this.spec;
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
          sourceResourceId: source.id,
          sourceUniqueId: source.uniqueId,
        },
        diskSizeGB: sizeGB,
        encryption,
        incremental,
        networkAccessPolicy: 'AllowAll',
        ...(securityProfile ? { securityProfile } : {}),
        publicNetworkAccess: 'Enabled',
        timeCreated: azureTime(createdAt),
        provisioningState: 'Succeeded',
        diskState: 'Unattached',
        diskSizeBytes: sizeGB * 2 ** 30,
        uniqueId,
        ...(incremental
          ? {
              completionPercent: this.spec.completionPercent,
              incrementalSnapshotFamilyId: source.uniqueId,
            }
          : {}),
      },
    };
  }
}

export interface RestorePoint {
  readonly name: string;
  readonly takenAt: number;
  readonly diskIds: readonly string[];
}

interface RestorePointCollectionSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  /** The machine. */
  readonly sourceId: string;
  readonly points: readonly RestorePoint[];
}

/** Restore points of one machine, as Azure Backup makes them. */
export class RestorePointCollection extends TrackedResource<RestorePointCollectionSpec> {
  readonly type = RESTORE_TYPE;

  body(): ResourceBody {
    return {
      ...this.head(),
      properties: {
        source: { id: this.spec.sourceId, location: this.location },
        provisioningState: 'Succeeded',
        restorePointCollectionId: this.id,
      },
    };
  }

  /** With its restore points, which a list never shows. */
  expandedBody(): ResourceBody {
    const body = this.body();
    return {
      ...body,
      properties: {
        ...body.properties,
        restorePoints: this.spec.points.map((it) => this.#point(it)),
      },
    };
  }

  #point({ name, takenAt, diskIds }: RestorePoint): object {
    const [osDisk, ...dataDisks] = diskIds;
    return {
      name,
      id: `${this.id}/restorePoints/${name}`,
      type: `${RESTORE_TYPE}/restorePoints`,
      properties: {
        sourceMetadata: {
          storageProfile: {
            osDisk: { osType: 'Linux', name: nameOf(osDisk ?? ''), managedDisk: { id: osDisk } },
            dataDisks: dataDisks.map((id, lun) => ({
              lun,
              name: nameOf(id),
              managedDisk: { id },
            })),
          },
          location: this.location,
        },
        provisioningState: 'Succeeded',
        consistencyMode: 'ApplicationConsistent',
        timeCreated: azureTime(takenAt),
      },
    };
  }
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
