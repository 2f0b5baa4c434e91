import { answer } from '../arm/answer.ts';
import { upperGroup } from '../arm/resource-id.ts';
import { type Route, route } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import { DISK_RATES } from './rate-policies.ts';
import { SNAPSHOT_TYPE, type Snapshot } from './snapshot.ts';
import { type SnapshotCall, type SnapshotStore, show } from './snapshot-store.ts';

const SUBSCRIPTION = '/subscriptions/:subscription';
const GROUP = `${SUBSCRIPTION}/resourceGroups/:group` as const;
const SNAPSHOTS = `${GROUP}/providers/Microsoft.Compute/snapshots` as const;
const SNAPSHOT = `${SNAPSHOTS}/:snapshot` as const;

/** Snapshots. Source: REST reference, Compute, Snapshots; recorded bodies. */
export function snapshotRoutes(
  snapshots: Collection<Snapshot>,
  store: SnapshotStore,
): readonly Route[] {
  const find = ({ params }: SnapshotCall) => snapshots.require(params, params.snapshot);
  const write = { operationName: `${SNAPSHOT_TYPE}/write`, rate: DISK_RATES.writeSnapshot };
  return [
    route('GET', SNAPSHOT, (call) => answer(200, show(find(call), call)), { rate: DISK_RATES.get }),
    route(
      'GET',
      `${SUBSCRIPTION}/providers/Microsoft.Compute/snapshots`,
      ({ params }) => {
        snapshots.inventory.requireSubscription(params.subscription);
        const value = snapshots.list(params).map((it) => ({ ...it.body(), id: upperGroup(it.id) }));
        return answer(200, { value });
      },
      { rate: DISK_RATES.list },
    ),
    route(
      'GET',
      SNAPSHOTS,
      ({ params }) => {
        snapshots.inventory.requireGroup(params);
        return answer(200, { value: snapshots.list(params).map((it) => it.body()) });
      },
      { rate: DISK_RATES.list },
    ),
    route('PUT', SNAPSHOT, (call) => store.put(call), write),
    route('PATCH', SNAPSHOT, (call) => store.update(find(call), call), write),
    route('DELETE', SNAPSHOT, (call) => store.delete(call), {
      operationName: `${SNAPSHOT_TYPE}/delete`,
      rate: DISK_RATES.delete,
    }),
  ];
}
