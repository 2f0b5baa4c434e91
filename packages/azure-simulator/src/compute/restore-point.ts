import { azureTime } from '../arm/time.ts';
import type { ResourceBody } from '../resources/resource.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';

export const RESTORE_TYPE = 'Microsoft.Compute/restorePointCollections';

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
  readonly points: RestorePoint[];
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
        restorePoints: this.spec.points.map((it) => this.pointBody(it)),
      },
    };
  }

  pointBody({ name, takenAt, diskIds }: RestorePoint, provisioningState = 'Succeeded'): object {
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
        provisioningState,
        consistencyMode: 'ApplicationConsistent',
        timeCreated: azureTime(takenAt),
      },
    };
  }
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
