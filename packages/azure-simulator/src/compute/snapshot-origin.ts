import { ArmError } from '../arm/arm-error.ts';
import { sameId } from '../arm/resource-id.ts';
import type { Collection } from '../resources/inventory.ts';
import { type JsonObject, objectAt, textAt } from '../resources/json.ts';
import type { Disk } from './disk.ts';
import { PLATFORM_KEY } from './encryption-rules.ts';
import type { Snapshot, SnapshotSpec } from './snapshot.ts';

interface Surroundings {
  readonly disks: Collection<Disk>;
  readonly snapshots: Collection<Snapshot>;
}

interface Origin
  extends Pick<SnapshotSpec, 'location' | 'sizeGB' | 'encryption' | 'inherited' | 'source'> {
  /** Kept so that a snapshot of it is not there at once. */
  readonly slowly: boolean;
}

/**
 * Where a snapshot comes from. One in another region is made by `CopyStart` only: for `Copy`, what
 * is elsewhere is not found.
 *
 * Source: recorded; the refusals of what is missing are assumed.
 */
export function originOf(
  properties: JsonObject,
  location: string | undefined,
  around: Surroundings,
): Origin {
  const creationData = objectAt(properties, 'creationData');
  const option = textAt(creationData, 'createOption');
  if (option === 'Empty') return emptySource(properties, location);
  if (option !== 'Copy' && option !== 'CopyStart') {
    throw new ArmError(
      501,
      'NotSimulated',
      `The simulated Azure makes no snapshot by createOption ${option}.`,
    );
  }
  const id = textAt(creationData, 'sourceResourceId');
  if (id === undefined) throw missing('snapshot.creationData.sourceResourceId');
  const source = sourceOf(id, around);
  if (option === 'Copy' && !sameId(location ?? source.location, source.location)) {
    throw sourceNotFound(id);
  }
  return source;
}

function emptySource({ diskSizeGB }: JsonObject, location: string | undefined): Origin {
  if (typeof diskSizeGB !== 'number') throw missing('snapshot.diskSizeGB');
  if (location === undefined) {
    throw new ArmError(
      400,
      'LocationRequired',
      'The location property is required for this definition.',
    );
  }
  const encryption = { type: PLATFORM_KEY };
  return { location, sizeGB: diskSizeGB, encryption, inherited: {}, source: null, slowly: false };
}

function missing(parameter: string): ArmError {
  return new ArmError(
    400,
    'InvalidParameter',
    `Required parameter '${parameter}' is missing (null).`,
    { target: parameter },
  );
}

function sourceNotFound(id: string): ArmError {
  return new ArmError(404, 'NotFound', `Resource ${id.split('/').at(-1)} is not found.`);
}

/** What a snapshot has from its disk, as the disk is now, or from another snapshot. */
function sourceOf(id: string, { disks, snapshots }: Surroundings): Origin {
  const disk = disks.find(id);
  if (disk) {
    const { location, sizeGB, encryption, isDirectDrive: slowly } = disk;
    const inherited = disk.body().properties;
    const source = { id: disk.id, uniqueId: disk.spec.uniqueId };
    return { location, sizeGB, encryption, inherited, source, slowly };
  }
  const older = snapshots.find(id);
  if (!older) throw sourceNotFound(id);
  const source = { id: older.id, uniqueId: older.spec.uniqueId };
  return { ...older.spec, encryption: older.encryption, source, slowly: false };
}
