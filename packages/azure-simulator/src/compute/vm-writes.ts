import { type Answer, answer } from '../arm/answer.ts';
import type { OperationPlan } from '../arm/operation.ts';
import type { Operations } from '../arm/operations.ts';
import type { Call } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import { type JsonObject, objectAt, textAt } from '../resources/json.ts';
import type { ResourceBody } from '../resources/resource.ts';
import { tagsIn } from '../resources/tags.ts';
import {
  comingDisk,
  type DiskChanges,
  type DisksAround,
  dataDiskChanges,
  osDiskOf,
} from './disks-of-vm.ts';
import {
  checkNeighbours,
  joinNeighbours,
  leaveNeighbours,
  type Neighbours,
  requireNamed,
} from './neighbours-of-vm.ts';
import { newVm, type VmCall } from './new-vm.ts';
import { allocate, type RestrictedSize, refuseUnavailableSize } from './restricted-size.ts';
import type { Vm } from './vm.ts';
import { refuseOtherVersion, refuseUnknownChange } from './vm-change-rules.ts';
import { vmPlan } from './vm-store.ts';

interface Surroundings extends DisksAround, Neighbours {
  readonly vms: Collection<Vm>;
  readonly operations: Operations;
  readonly restrictedSizes: readonly RestrictedSize[];
  /** @throws ArmError when the key behind an encryption set cannot be used. */
  readonly checkKey: (encryptionSetId: string) => void;
  /** Told of resources that changed without being written themselves. */
  readonly changed: (resourceIds: readonly string[]) => void;
  /** Told of resources that went with another one, which a call deleted. */
  readonly removed: (resourceIds: readonly string[], call: Call) => void;
}

/** Virtual machines: made, changed, taken away. */
export class VmWrites {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** 201; the machine is there at once, as `Creating`. Source: recorded 2019–2024. */
  create(call: VmCall): Answer {
    const { vms, random, restrictedSizes } = this.#around;
    const vm = newVm(call, vms, random);
    refuseUnavailableSize(vm, restrictedSizes);
    checkNeighbours(vm, this.#around);
    const storage = objectAt(objectAt(call.body, 'properties'), 'storageProfile');
    const osDisk = osDiskOf(vm, objectAt(storage, 'osDisk'), this.#around);
    const data = dataDiskChanges(vm, storage['dataDisks'], this.#around);
    const changes = { ...data, attach: [...(osDisk ? [osDisk] : []), ...data.attach] };
    const headers = this.#begin(
      {
        ...vmPlan(vm, 'vm.create'),
        retry: { initialS: 10, firstPollS: 30 },
        complete: () => {
          allocate(vm, restrictedSizes);
          this.#checkKeys(changes);
          vm.power = 'running';
          arrived(vm);
        },
        fail: (error) => {
          vm.power = 'deallocated';
          vm.failure = error;
          arrived(vm);
        },
      },
      call,
    );
    vms.add(vm);
    joinNeighbours(vm, this.#around);
    this.#apply(vm, changes);
    vm.phase = 'Creating';
    vm.power = 'starting';
    return { ...answer(201, vm.body(), headers), operationId: call.requestId };
  }

  /** PATCH, or PUT on a machine that exists: 200 with one polling URL. Source: recorded. */
  update(vm: Vm, call: VmCall): Answer {
    refuseUnknownChange(vm, call);
    refuseOtherVersion(vm, call);
    const properties = objectAt(call.body, 'properties');
    const storage = objectAt(properties, 'storageProfile');
    const size = textAt(objectAt(properties, 'hardwareProfile'), 'vmSize') ?? vm.size;
    const sizes = size === vm.size ? [] : this.#around.restrictedSizes;
    const resized = { spec: vm.spec, size, location: vm.location };
    refuseUnavailableSize(resized, sizes);
    const groupId = placementGroupIn(properties, vm);
    requireNamed(groupId, this.#around.placementGroups);
    const tags = tagsIn(call.body) ?? vm.tags;
    const changes =
      'dataDisks' in storage
        ? dataDiskChanges(vm, storage['dataDisks'], this.#around)
        : { attach: [], detach: [] };
    for (const { disk } of changes.attach) this.#around.operations.refuseIfBusy(disk.id);
    const headers = this.#begin(
      {
        ...vmPlan(vm, 'vm.patch'),
        complete: () => {
          vm.phase = null;
          if (vm.power !== 'deallocated') allocate(resized, sizes);
          this.#checkKeys(changes);
          this.#apply(vm, changes);
          vm.tags = tags;
          vm.size = size;
          vm.placementGroupId = groupId;
        },
        fail: () => {
          vm.phase = null;
        },
      },
      call,
    );
    vm.phase = 'Updating';
    vm.etag += 1;
    const body = { ...this.#coming(vm, changes), ...(tags ? { tags } : {}) };
    const etag = `"${vm.etag}"`;
    return { ...answer(200, body, { ...headers, etag }), operationId: call.requestId };
  }

  /** The disks stay, but for those that are to go with it. Source: "Delete a VM and attached resources". */
  delete(call: VmCall): Answer {
    const { vms, disks, operations, changed, removed } = this.#around;
    vms.inventory.requireGroup(call.params);
    const vm = vms.find(vms.idOf(call.params, call.params.vm));
    if (!vm) return answer(204);
    const answered = operations.begin(
      {
        ...vmPlan(vm, 'vm.delete'),
        retry: { initialS: 10, firstPollS: 30 },
        complete: () => {
          const held = [...vm.disks];
          const going = held.filter((disk) => vm.settingsOf(disk).deleteOption === 'Delete');
          leaveNeighbours(vm, this.#around);
          vms.remove(vm.id);
          for (const disk of held) vm.detach(disk);
          const gone = going.filter(({ owners }) => owners.length === 0).map(({ id }) => id);
          for (const id of gone) disks.remove(id);
          removed(gone, call);
          changed(held.map(({ id }) => id));
        },
        fail: () => {
          vm.phase = null;
        },
      },
      call,
    );
    vm.phase = 'Deleting';
    return answered;
  }

  /** The machine with the data disks that it is to have. Source: recorded. */
  #coming(vm: Vm, { attach, detach }: DiskChanges): ResourceBody {
    const body = vm.body();
    const profile = objectAt(body.properties, 'storageProfile');
    const going = new Set(detach.map(({ name }) => name));
    const shown: unknown = profile['dataDisks'];
    const kept = (Array.isArray(shown) ? shown : []).filter(({ name }) => !going.has(name));
    const off = vm.power === 'deallocated';
    const dataDisks = [...kept, ...attach.map((it) => comingDisk(it, this.#around, off))];
    return {
      ...body,
      properties: { ...body.properties, storageProfile: { ...profile, dataDisks } },
    };
  }

  /** An update of a machine says one polling URL, not two. */
  #begin(plan: OperationPlan, call: Call): Answer['headers'] {
    const { location: _, ...headers } = this.#around.operations.begin(plan, call).headers;
    return headers;
  }

  #checkKeys({ attach }: DiskChanges): void {
    for (const { disk } of attach) {
      const { diskEncryptionSetId } = disk.encryption;
      if (diskEncryptionSetId) this.#around.checkKey(diskEncryptionSetId);
    }
  }

  #apply(vm: Vm, { attach, detach }: DiskChanges): void {
    const { disks, changed } = this.#around;
    for (const disk of detach) vm.detach(disk);
    for (const { disk, as, settings } of attach) {
      if (!disks.find(disk.id)) disks.add(disk);
      vm.attach(disk, as, settings);
    }
    changed([...detach, ...attach.map(({ disk }) => disk)].map(({ id }) => id));
  }
}

/** As it is where a request does not name it; an empty one takes the machine out. */
function placementGroupIn(properties: JsonObject, vm: Vm): string | undefined {
  if (!('proximityPlacementGroup' in properties)) return vm.placementGroupId;
  return textAt(objectAt(properties, 'proximityPlacementGroup'), 'id');
}

function arrived(vm: Vm): void {
  vm.phase = null;
  vm.updatedAt = Date.now();
}
