import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import type { OperationPlan, Operations } from '../arm/operations.ts';
import { sameId, upperGroup, withGroup } from '../arm/resource-id.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import type { Random } from '../random.ts';
import type { Collection } from '../resources/inventory.ts';
import { type JsonObject, objectAt, textAt } from '../resources/json.ts';
import { tagsIn } from '../resources/tags.ts';
import type { Disk, DiskEncryption } from './disk.ts';
import { encryptionIn } from './disk-bodies.ts';
import type { DurationKind } from './durations.ts';
import type { PointsInTime } from './encryption-rules.ts';
import { DISK_RATES, VM_RATES } from './rate-policies.ts';
import { type RestorePointCollection, SNAPSHOT_TYPE, Snapshot } from './snapshot.ts';

const SUBSCRIPTION = '/subscriptions/:subscription';
const GROUP = `${SUBSCRIPTION}/resourceGroups/:group` as const;
const SNAPSHOTS = `${GROUP}/providers/Microsoft.Compute/snapshots` as const;
const SNAPSHOT = `${SNAPSHOTS}/:snapshot` as const;
const RESTORE = `${GROUP}/providers/Microsoft.Compute/restorePointCollections` as const;

interface Surroundings {
  readonly snapshots: Collection<Snapshot>;
  readonly disks: Collection<Disk>;
  readonly operations: Operations;
  readonly random: Random;
}

type SnapshotCall = Call<'subscription' | 'group' | 'snapshot'>;

/** Snapshots. Source: REST reference, Compute, Snapshots; recorded bodies. */
export function snapshotRoutes(around: Surroundings): readonly Route[] {
  const { snapshots, operations } = around;
  const find = ({ params }: SnapshotCall) => snapshots.require(params, params.snapshot);
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
    route('PUT', SNAPSHOT, (call) => create(call, around), {
      operationName: `${SNAPSHOT_TYPE}/write`,
      rate: DISK_RATES.writeSnapshot,
    }),
    route(
      'DELETE',
      SNAPSHOT,
      (call) => {
        snapshots.inventory.requireGroup(call.params);
        const snapshot = snapshots.find(snapshots.idOf(call.params, call.params.snapshot));
        if (!snapshot) return answer(204);
        const complete = () => snapshots.remove(snapshot.id);
        return operations.begin({ ...plan(snapshot, 'snapshot.delete'), complete }, call);
      },
      { operationName: `${SNAPSHOT_TYPE}/delete`, rate: DISK_RATES.delete },
    ),
  ];
}

/** Restore point collections. Source: REST reference, Compute. */
export function restorePointRoutes(
  collections: Collection<RestorePointCollection>,
): readonly Route[] {
  return [
    route(
      'GET',
      `${SUBSCRIPTION}/providers/Microsoft.Compute/restorePointCollections`,
      ({ params }) => {
        collections.inventory.requireSubscription(params.subscription);
        return answer(200, { value: collections.list(params).map((it) => it.body()) });
      },
      { rate: VM_RATES.list },
    ),
    route(
      'GET',
      RESTORE,
      ({ params }) => {
        collections.inventory.requireGroup(params);
        return answer(200, { value: collections.list(params).map((it) => it.body()) });
      },
      { rate: VM_RATES.list },
    ),
    route(
      'GET',
      `${RESTORE}/:collection`,
      ({ params, query }) => {
        const found = collections.require(params, params.collection);
        const expanded = query.get('$expand')?.toLowerCase() === 'restorepoints';
        return answer(200, expanded ? found.expandedBody() : found.body());
      },
      { rate: VM_RATES.get },
    ),
  ];
}

/** What stands between a disk and another key. A snapshot counts by the disk's unique ID. */
export function pointsInTime(
  snapshots: Collection<Snapshot>,
  collections: Collection<RestorePointCollection>,
): PointsInTime {
  return {
    hasIncrementalSnapshot: ({ spec }) =>
      snapshots
        .list()
        .some((it) => it.spec.incremental && it.spec.source.uniqueId === spec.uniqueId),
    hasRestorePoint: (disk) =>
      collections
        .list()
        .some(({ spec }) =>
          spec.points.some(({ diskIds }) => diskIds.some((id) => sameId(id, disk.id))),
        ),
  };
}

function create(call: SnapshotCall, { snapshots, disks, operations, random }: Surroundings) {
  const { params, body } = call;
  snapshots.inventory.requireGroup(params);
  const properties = objectAt(body, 'properties');
  const creationData = objectAt(properties, 'creationData');
  const sourceId = textAt(creationData, 'sourceResourceId') ?? '';
  const disk = disks.find(sourceId);
  const older = snapshots.find(sourceId);
  const source = disk ? takenFrom(disk) : older?.spec;
  if (!source) {
    throw new ArmError(404, 'NotFound', `Resource ${sourceId.split('/').at(-1)} is not found.`);
  }
  const snapshot = new Snapshot(
    {
      id: snapshots.idOf(params, params.snapshot),
      name: params.snapshot,
      location: textAt(body, 'location') ?? source.location,
      sku: textAt(objectAt(body, 'sku'), 'name') ?? 'Standard_LRS',
      sizeGB: source.sizeGB,
      incremental: properties['incremental'] === true,
      encryption: encryptionOf(properties) ?? source.encryption,
      uniqueId: random.guid(),
      createdAt: Date.now(),
      inherited: source.inherited,
      creationData,
      completionPercent: creationData['createOption'] === 'CopyStart' ? 0 : 100,
      source: { id: source.id, uniqueId: source.uniqueId },
    },
    tagsIn(body),
  );
  const accepted = {
    name: snapshot.name,
    id: snapshot.id,
    type: snapshot.type,
    ...(typeof body === 'object' ? body : {}),
    properties: { ...properties, provisioningState: 'Updating' },
  };
  const complete = () => show(snapshots.add(snapshot), call);
  const retry = { initialS: 2, firstPollS: 10 };
  return operations.begin(
    { ...plan(snapshot, 'snapshot.create'), retry, accepted, complete },
    call,
  );
}

function show(snapshot: Snapshot, { params }: SnapshotCall) {
  const body = snapshot.body();
  return { ...body, id: withGroup(body.id, params.group) };
}

function plan({ id, location }: Snapshot, kind: DurationKind): Omit<OperationPlan, 'complete'> {
  return { kind, resourceId: id, location, folder: 'DiskOperations' };
}

/** What a snapshot has from its disk, as the disk is now. */
function takenFrom(disk: Disk) {
  const { id, location, sizeGB, encryption } = disk;
  const inherited = disk.body().properties;
  return { id, location, sizeGB, encryption, inherited, uniqueId: disk.spec.uniqueId };
}

/** A snapshot may have a set of its own; its group comes back in capitals, as a disk's does. */
function encryptionOf(properties: JsonObject): DiskEncryption | null {
  const { type, diskEncryptionSetId } = encryptionIn(properties);
  if (!('encryption' in properties)) return null;
  return {
    type,
    ...(diskEncryptionSetId ? { diskEncryptionSetId: upperGroup(diskEncryptionSetId) } : {}),
  };
}
