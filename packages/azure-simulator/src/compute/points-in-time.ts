import { sameId } from '../arm/resource-id.ts';
import type { Collection } from '../resources/inventory.ts';
import { percentOf } from './background-copy.ts';
import type { PointsInTime } from './encryption-rules.ts';
import type { RestorePointCollection } from './restore-point.ts';
import type { Snapshot } from './snapshot.ts';

/** What stands between a disk and another key. A snapshot counts by the disk's unique ID. */
export function pointsInTime(
  snapshots: Collection<Snapshot>,
  collections: Collection<RestorePointCollection>,
): PointsInTime {
  return {
    hasIncrementalSnapshot: ({ spec }) =>
      snapshots
        .list()
        .some((it) => it.spec.incremental && it.spec.source?.uniqueId === spec.uniqueId),
    hasUnfinishedSnapshot: ({ spec }) =>
      snapshots
        .list()
        .some((it) => it.spec.source?.uniqueId === spec.uniqueId && percentOf(it.copy) < 100),
    hasRestorePoint: (disk) =>
      collections
        .list()
        .some(({ spec }) =>
          spec.points.some(({ diskIds }) => diskIds.some((id) => sameId(id, disk.id))),
        ),
  };
}
