import { type Answer, answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import type { OperationPlan } from '../arm/operation.ts';
import type { Operations } from '../arm/operations.ts';
import { upperGroup, withGroup } from '../arm/resource-id.ts';
import type { Call } from '../arm/route.ts';
import type { Random } from '../random.ts';
import type { Collection } from '../resources/inventory.ts';
import { isObject, objectAt, textAt } from '../resources/json.ts';
import type { ResourceBody } from '../resources/resource.ts';
import { tagsIn } from '../resources/tags.ts';
import { beginCopy } from './background-copy.ts';
import type { Disk } from './disk.ts';
import { encryptionIn, knownBefore } from './disk-bodies.ts';
import type { DiskEncryption } from './disk-spec.ts';
import type { DurationKind } from './durations.ts';
import { refuseUnfinished, Snapshot, type SnapshotSpec } from './snapshot.ts';

interface Surroundings {
  readonly snapshots: Collection<Snapshot>;
  readonly disks: Collection<Disk>;
  readonly operations: Operations;
  readonly random: Random;
  readonly speed: number;
  /** @throws ArmError when the key behind an encryption set cannot be used. */
  readonly checkKey: (encryptionSetId: string) => void;
}

export type SnapshotCall = Call<'subscription' | 'group' | 'snapshot'>;

const RETRY = { initialS: 2, firstPollS: 10 };

/** Snapshots: taken, changed, taken away. */
export class SnapshotStore {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  put(call: SnapshotCall): Answer {
    const { snapshots, operations, speed } = this.#around;
    snapshots.inventory.requireGroup(call.params);
    const existing = snapshots.find(snapshots.idOf(call.params, call.params.snapshot));
    if (existing) return this.update(existing, call);
    const { copies, snapshot } = this.#take(call);
    const { name, id, type } = snapshot;
    return operations.begin(
      {
        ...plan(snapshot, 'snapshot.create'),
        retry: RETRY,
        accepted: acceptedBody({ name, id, type }, call),
        complete: () => {
          this.#checkKey(call);
          if (copies) snapshot.copy = beginCopy(snapshot.spec.sizeGB, speed);
          return show(snapshots.add(snapshot), call);
        },
      },
      call,
    );
  }

  /** Of a snapshot that is there, only tags and encryption change. */
  update(snapshot: Snapshot, call: SnapshotCall): Answer {
    const encryption = encryptionOf(call);
    if (encryption) refuseUnfinished(snapshot);
    const old = show(snapshot, call);
    return this.#around.operations.begin(
      {
        ...plan(snapshot, 'disk.update'),
        retry: RETRY,
        accepted: acceptedBody({ ...old, properties: knownBefore(old) }, call),
        complete: () => {
          this.#checkKey(call);
          snapshot.tags = tagsIn(call.body) ?? snapshot.tags;
          snapshot.encryption = encryption ?? snapshot.encryption;
          return show(snapshot, call);
        },
      },
      call,
    );
  }

  delete(call: SnapshotCall): Answer {
    const { snapshots, operations } = this.#around;
    snapshots.inventory.requireGroup(call.params);
    const snapshot = snapshots.find(snapshots.idOf(call.params, call.params.snapshot));
    if (!snapshot) return answer(204);
    const complete = () => snapshots.remove(snapshot.id);
    return operations.begin({ ...plan(snapshot, 'snapshot.delete'), complete }, call);
  }

  /** A snapshot of the newer kinds of disk is copied in the background, as one by `CopyStart` is. */
  #take(call: SnapshotCall): { readonly snapshot: Snapshot; readonly copies: boolean } {
    const { snapshots, disks, random } = this.#around;
    const { params, body } = call;
    const properties = objectAt(body, 'properties');
    const creationData = objectAt(properties, 'creationData');
    const source = sourceOf(textAt(creationData, 'sourceResourceId') ?? '', disks, snapshots);
    const incremental = properties['incremental'] === true;
    const snapshot = new Snapshot(
      {
        id: snapshots.idOf(params, params.snapshot),
        name: params.snapshot,
        location: textAt(body, 'location') ?? source.location,
        sku: textAt(objectAt(body, 'sku'), 'name') ?? 'Standard_LRS',
        sizeGB: source.sizeGB,
        incremental,
        encryption: encryptionOf(call) ?? source.encryption,
        uniqueId: random.guid(),
        createdAt: Date.now(),
        inherited: source.inherited,
        creationData,
        source: { id: source.id, uniqueId: source.uniqueId },
      },
      tagsIn(body),
    );
    const copies = incremental && (source.slowly || creationData['createOption'] === 'CopyStart');
    return { snapshot, copies };
  }

  #checkKey(call: SnapshotCall): void {
    const { diskEncryptionSetId } = encryptionOf(call) ?? {};
    if (diskEncryptionSetId) this.#around.checkKey(diskEncryptionSetId);
  }
}

/** The body of a GET by ID: the group stands as the caller wrote it. */
export function show(snapshot: Snapshot, { params }: SnapshotCall): ResourceBody {
  const body = snapshot.body();
  return { ...body, id: withGroup(body.id, params.group) };
}

/** A 202 repeats the request, over what was there. */
function acceptedBody(old: Partial<ResourceBody>, { body }: SnapshotCall): object {
  return {
    ...old,
    ...(isObject(body) ? body : {}),
    properties: {
      ...old.properties,
      ...objectAt(body, 'properties'),
      provisioningState: 'Updating',
    },
  };
}

function plan({ id, location }: Snapshot, kind: DurationKind): Omit<OperationPlan, 'complete'> {
  return { kind, resourceId: id, location, folder: 'DiskOperations' };
}

interface Source
  extends Pick<
    SnapshotSpec,
    'id' | 'location' | 'sizeGB' | 'encryption' | 'inherited' | 'uniqueId'
  > {
  /** Kept so that a snapshot of it is not there at once. */
  readonly slowly: boolean;
}

/** What a snapshot has from its disk, as the disk is now, or from another snapshot. */
function sourceOf(id: string, disks: Collection<Disk>, snapshots: Collection<Snapshot>): Source {
  const disk = disks.find(id);
  if (disk) {
    const { location, sizeGB, encryption, isDirectDrive: slowly } = disk;
    const inherited = disk.body().properties;
    const { uniqueId } = disk.spec;
    return { id: disk.id, location, sizeGB, encryption, inherited, uniqueId, slowly };
  }
  const older = snapshots.find(id);
  if (older) return { ...older.spec, encryption: older.encryption, slowly: false };
  throw new ArmError(404, 'NotFound', `Resource ${id.split('/').at(-1)} is not found.`);
}

/** A snapshot may have a set of its own; its group comes back in capitals, as a disk's does. */
function encryptionOf({ body }: SnapshotCall): DiskEncryption | null {
  const properties = objectAt(body, 'properties');
  if (!('encryption' in properties)) return null;
  const { type, diskEncryptionSetId } = encryptionIn(properties);
  return {
    type,
    ...(diskEncryptionSetId ? { diskEncryptionSetId: upperGroup(diskEncryptionSetId) } : {}),
  };
}
