import { type Answer, answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import type { OperationPlan } from '../arm/operation.ts';
import type { Operations } from '../arm/operations.ts';
import { upperGroup } from '../arm/resource-id.ts';
import type { Random } from '../random.ts';
import type { Collection } from '../resources/inventory.ts';
import { isObject, objectAt, textAt } from '../resources/json.ts';
import { beginCopy } from './background-copy.ts';
import type { Disk } from './disk.ts';
import {
  acceptedBody,
  applyRest,
  createdBody,
  type DiskCall,
  encryptionIn,
  refuseUnknown,
  sameEncryption,
  show,
} from './disk-bodies.ts';
import type { DiskEncryption, DiskStateName } from './disk-spec.ts';
import type { DurationKind } from './durations.ts';
import { PLATFORM_KEY } from './encryption-rules.ts';
import { hydrates, newDisk } from './new-disk.ts';
import { refuseImpossibleSize, refuseResizeInUse, refuseShrinking } from './size-rules.ts';
import type { Snapshot } from './snapshot.ts';

interface Surroundings {
  readonly disks: Collection<Disk>;
  readonly snapshots: Collection<Snapshot>;
  readonly operations: Operations;
  readonly random: Random;
  readonly speed: number;
  /** @throws ArmError when Azure refuses the change at once. */
  readonly checkChange: (disk: Disk, wanted: DiskEncryption) => void;
  /** @throws ArmError when the key behind an encryption set cannot be used. */
  readonly checkKey: (encryptionSetId: string) => void;
}

/** Managed disks: what may be written, and what a write makes of them. */
export class DiskStore {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** PATCH, or PUT on a disk that exists. */
  update(disk: Disk, call: DiskCall): Answer {
    const properties = objectAt(call.body, 'properties');
    const asked = 'encryption' in properties ? encryptionIn(properties) : disk.encryption;
    refuseUnknown(call, properties);
    const changes = !sameEncryption(disk.encryption, asked);
    this.#around.operations.refuseIfBusy(disk.id);
    refuseImpossibleSize(disk.sku, properties);
    refuseResizeInUse(disk, properties);
    if (changes) this.#around.checkChange(disk, asked);
    const result = this.#around.operations.begin(
      {
        ...this.#plan(disk, changes ? kindOfChange(asked) : 'disk.update'),
        complete: () => {
          disk.provisioningState = 'Succeeded';
          refuseShrinking(disk, properties);
          if (changes) disk.encryption = this.#settled(asked);
          applyRest(disk, call.body);
          return show(disk, call);
        },
        fail: () => {
          disk.provisioningState = 'Succeeded';
        },
      },
      call,
    );
    disk.provisioningState = 'Updating';
    return { ...result, body: acceptedBody(show(disk, call), call) };
  }

  create(call: DiskCall): Answer {
    const { body } = call;
    const properties = objectAt(body, 'properties');
    refuseUnknown(call, properties);
    const location = textAt(body, 'location');
    const { disks, snapshots, speed } = this.#around;
    if (!location)
      throw new ArmError(
        400,
        'LocationRequired',
        'The location property is required for this definition.',
      );
    const sku = textAt(objectAt(body, 'sku'), 'name') ?? 'Standard_LRS';
    refuseImpossibleSize(sku, properties);
    const wanted = 'encryption' in properties ? encryptionIn(properties) : { type: PLATFORM_KEY };
    const disk = newDisk(call, { ...this.#around, location, sku, encryption: wanted });
    if (wanted.diskEncryptionSetId) this.#around.checkChange(disk, wanted);
    const answered = this.#around.operations.begin(
      {
        ...this.#plan(disk, kindOfCreation(disk)),
        complete: () => {
          disk.encryption = this.#settled(wanted);
          disks.add(disk);
          if (hydrates(disk, snapshots)) disk.copy = beginCopy(disk.sizeGB, speed);
          return show(disk, call);
        },
      },
      call,
    );
    return { ...answered, body: createdBody(show(disk, call), call) };
  }

  /** Source: 204 for a disk that is not there, as for every deletion. */
  delete(call: DiskCall): Answer {
    const { disks, operations } = this.#around;
    disks.inventory.requireGroup(call.params);
    const disk = disks.find(disks.idOf(call.params, call.params.disk));
    if (!disk) return answer(204);
    if (disk.managedBy) {
      throw new ArmError(
        409,
        'OperationNotAllowed',
        `Disk ${disk.name} is attached to VM ${disk.managedBy}.`,
      );
    }
    const { retry: _, ...plan } = this.#plan(disk, 'disk.delete');
    return operations.begin({ ...plan, complete: () => disks.remove(disk.id) }, call);
  }

  beginGetAccess(disk: Disk, call: DiskCall): Answer {
    const { diskState } = disk;
    if (diskState === 'Attached') {
      throw new ArmError(
        409,
        'OperationNotAllowed',
        `Disk ${disk.name} is attached to running VM ${disk.managedBy ?? ''}.`,
      );
    }
    const { retry: _, ...plan } = this.#plan(disk, 'disk.beginGetAccess');
    return this.#around.operations.begin(
      {
        ...plan,
        complete: () => {
          disk.fixedState = STATE_WITH_SAS[diskState] ?? 'ActiveSAS';
          return { accessSAS: sasOf(disk, call) };
        },
      },
      call,
    );
  }

  /** Ends an export, or an upload: the disk is an ordinary one then. */
  endGetAccess(disk: Disk, call: DiskCall): Answer {
    const { retry: _, ...plan } = this.#plan(disk, 'disk.endGetAccess');
    const complete = () => {
      disk.fixedState = undefined;
    };
    return this.#around.operations.begin({ ...plan, complete }, call);
  }

  /** The set's ID as Azure keeps it: its group in capitals. */
  #settled(wanted: DiskEncryption): DiskEncryption {
    const { type, diskEncryptionSetId } = wanted;
    if (!diskEncryptionSetId) return { type };
    this.#around.checkKey(diskEncryptionSetId);
    return { type, diskEncryptionSetId: upperGroup(diskEncryptionSetId) };
  }

  #plan(disk: Disk, kind: DurationKind): Omit<OperationPlan, 'complete'> {
    return {
      kind,
      resourceId: disk.id,
      location: disk.location,
      folder: 'DiskOperations',
      retry: { initialS: 2, firstPollS: 10 },
    };
  }
}

const STATE_WITH_SAS: Partial<Record<DiskStateName, DiskStateName>> = {
  Frozen: 'ActiveSASFrozen',
  ReadyToUpload: 'ActiveUpload',
};

/** A link to the disk's bytes: good until it ends, for reading or for writing. Signed by nobody. */
function sasOf({ spec }: Disk, { body }: DiskCall): string {
  const seconds = isObject(body) ? Number(body['durationInSeconds'] ?? 0) : 0;
  const query = new URLSearchParams({
    sv: '2018-03-28',
    sr: 'b',
    si: spec.uniqueId,
    se: new Date(Date.now() + seconds * 1000).toISOString(),
    sp: textAt(body, 'access') === 'Write' ? 'rw' : 'r',
    sig: 'c2ltdWxhdGVk',
  });
  return `https://md-simulated.z1.blob.storage.azure.net/${spec.uniqueId}/abcd?${query}`;
}

function kindOfChange({ type }: DiskEncryption): DurationKind {
  return type === PLATFORM_KEY ? 'disk.decrypt' : 'disk.encrypt';
}

function kindOfCreation({ spec }: Disk): DurationKind {
  return spec.creationData['createOption'] === 'Empty' ? 'disk.create' : 'disk.copy';
}
