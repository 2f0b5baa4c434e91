import { isDeepStrictEqual } from 'node:util';
import { type Answer, answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import type { OperationPlan } from '../arm/operation.ts';
import type { Operations } from '../arm/operations.ts';
import { sameId } from '../arm/resource-id.ts';
import type { Call } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';
import { tagsIn } from '../resources/tags.ts';
import { type DiskChanges, type DisksAround, dataDiskChanges, osDiskOf } from './disks-of-vm.ts';
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
    refuseUnknown(vm, call);
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
          vm.etag += 1;
        },
        fail: () => {
          vm.phase = null;
        },
      },
      call,
    );
    vm.phase = 'Updating';
    const body = { ...vm.body(), ...(tags ? { tags } : {}) };
    return { ...answer(200, body, headers), operationId: call.requestId };
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

/** What a PATCH may name; a PUT repeats the whole machine, most of which cannot change here. */
const CHANGEABLE = new Set(['hardwareProfile', 'storageProfile', 'proximityPlacementGroup']);
const FIXED = ['securityProfile', 'availabilitySet', 'virtualMachineScaleSet'];

/** @throws ArmError 501 for a change that would be answered and not made. */
function refuseUnknown(vm: Vm, { method, body }: VmCall): void {
  const properties = objectAt(body, 'properties');
  const { properties: now } = vm.body();
  const isNew = (name: string) => !isDeepStrictEqual(properties[name], now[name]);
  const unknown =
    method === 'PATCH'
      ? [
          ...others(body, new Set(['tags', 'location', 'properties'])),
          ...others(properties, CHANGEABLE),
        ]
      : FIXED.filter((name) => name in properties && isNew(name));
  const disk = objectAt(objectAt(properties, 'storageProfile'), 'osDisk');
  const osDiskId = textAt(objectAt(disk, 'managedDisk'), 'id');
  const swaps = osDiskId !== undefined && !sameId(osDiskId, vm.osDisk?.id ?? '');
  const found = [...unknown, ...(swaps ? ['osDisk'] : [])];
  if (found.length === 0) return;
  throw new ArmError(
    501,
    'NotSimulated',
    `The simulated Azure does not change ${found.join(', ')} of a virtual machine.`,
  );
}

function others(value: unknown, known: ReadonlySet<string>): readonly string[] {
  const object: JsonObject = isObject(value) ? value : {};
  return Object.keys(object).filter((name) => !known.has(name));
}
