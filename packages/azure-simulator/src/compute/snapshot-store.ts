import { type Answer, answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import type { OperationPlan } from '../arm/operation.ts';
import type { Operations } from '../arm/operations.ts';
import { upperGroup, withGroup } from '../arm/resource-id.ts';
import type { Call } from '../arm/route.ts';
import type { Random } from '../random.ts';
import type { Collection } from '../resources/inventory.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';
import type { ResourceBody } from '../resources/resource.ts';
import { tagsIn } from '../resources/tags.ts';
import { beginCopy } from './background-copy.ts';
import type { Disk } from './disk.ts';
import { encryptionIn, knownBefore } from './disk-bodies.ts';
import type { DiskEncryption } from './disk-spec.ts';
import type { DurationKind } from './durations.ts';
import { refuseUnfinished, Snapshot } from './snapshot.ts';
import { originOf } from './snapshot-origin.ts';

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

  /** Of a snapshot that is there, tags, encryption and who reaches it change. */
  update(snapshot: Snapshot, call: SnapshotCall): Answer {
    refuseUnchangeable(snapshot, call);
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
          snapshot.more = { ...snapshot.more, ...keptIn(call) };
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
    const fail = () => {
      snapshot.provisioningState = 'Succeeded';
    };
    const answered = operations.begin(
      { ...plan(snapshot, 'snapshot.delete'), complete, fail },
      call,
    );
    snapshot.provisioningState = 'Deleting';
    return answered;
  }

  /** A snapshot of the newer kinds of disk is copied in the background, as one by `CopyStart` is. */
  #take(call: SnapshotCall): { readonly snapshot: Snapshot; readonly copies: boolean } {
    const { snapshots, disks, random } = this.#around;
    const { params, body } = call;
    const properties = objectAt(body, 'properties');
    const creationData = objectAt(properties, 'creationData');
    const location = textAt(body, 'location');
    const origin = originOf(properties, location, { disks, snapshots });
    const incremental = properties['incremental'] === true;
    const snapshot = new Snapshot(
      {
        id: snapshots.idOf(params, params.snapshot),
        name: params.snapshot,
        location: location ?? origin.location,
        sku: textAt(objectAt(body, 'sku'), 'name') ?? 'Standard_LRS',
        sizeGB: origin.sizeGB,
        incremental,
        encryption: encryptionOf(call) ?? origin.encryption,
        uniqueId: random.guid(),
        createdAt: Date.now(),
        inherited: origin.inherited,
        creationData,
        source: origin.source,
      },
      tagsIn(body),
    );
    snapshot.more = keptIn(call);
    const copies = incremental && (origin.slowly || creationData['createOption'] === 'CopyStart');
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

/** What of a request a snapshot keeps as it was sent. */
const KEPT = [
  'osType',
  'hyperVGeneration',
  'supportsHibernation',
  'supportedCapabilities',
  'securityProfile',
  'diskAccessId',
  'networkAccessPolicy',
  'publicNetworkAccess',
  'dataAccessAuthMode',
];
const CHANGEABLE = new Set([...KEPT, 'encryption']);

function keptIn({ body }: SnapshotCall): JsonObject {
  const properties = objectAt(body, 'properties');
  const sent = KEPT.filter((name) => properties[name] !== undefined && properties[name] !== null);
  return Object.fromEntries(sent.map((name) => [name, properties[name]]));
}

/** A PUT repeats the whole snapshot; a PATCH says what it wants changed, and that must be known. */
function refuseUnchangeable({ spec }: Snapshot, { method, body }: SnapshotCall): void {
  const properties = objectAt(body, 'properties');
  const sku = textAt(objectAt(body, 'sku'), 'name') ?? spec.sku;
  const unknown =
    method === 'PATCH' ? Object.keys(properties).filter((name) => !CHANGEABLE.has(name)) : [];
  const asked = [...unknown, ...(sku === spec.sku ? [] : ['sku'])];
  if (asked.length === 0) return;
  throw new ArmError(
    501,
    'NotSimulated',
    `The simulated Azure does not change ${asked.join(', ')} of a snapshot.`,
  );
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
