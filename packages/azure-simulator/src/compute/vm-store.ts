import type { Answer } from '../arm/answer.ts';
import { ArmError, type ErrorBody } from '../arm/arm-error.ts';
import type { OperationPlan } from '../arm/operation.ts';
import type { Operations } from '../arm/operations.ts';
import type { Call } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import type { DurationKind } from './durations.ts';
import { allocate, type RestrictedSize, refuseUnavailableSize } from './restricted-size.ts';
import type { Vm } from './vm.ts';
import type { PowerState } from './vm-spec.ts';

interface Surroundings {
  readonly vms: Collection<Vm>;
  readonly operations: Operations;
  readonly restrictedSizes: readonly RestrictedSize[];
  /** @throws ArmError when the key behind an encryption set cannot be used. */
  readonly checkKey: (encryptionSetId: string) => void;
  /** Told of resources that changed without being written themselves. */
  readonly changed: (resourceIds: readonly string[]) => void;
}

interface Transition {
  readonly kind: DurationKind;
  /** Shown while the operation runs; `null` when nothing changes. */
  readonly during: PowerState | null;
  readonly after: PowerState;
  readonly retry: OperationPlan['retry'];
  readonly check?: () => void;
  readonly hibernate?: boolean;
}

/** Power of virtual machines. */
export class VmStore {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Source: Retry-After 10, then 36, recorded 2019–2022. Deallocating what is off is accepted. */
  deallocate(vm: Vm, call: Call): Answer {
    const hibernate = call.query.get('hibernate') === 'true';
    if (hibernate && !vm.spec.hibernationEnabled) {
      throw new ArmError(
        409,
        'OperationNotAllowed',
        `The Hibernate-Deallocate Operation cannot be performed on VM '${vm.name}' since hibernation is not enabled.`,
      );
    }
    const retry = { initialS: 10, firstPollS: 36 };
    if (vm.power === 'deallocated') {
      return this.#begin(vm, call, {
        kind: 'vm.deallocate deallocated',
        during: null,
        after: 'deallocated',
        retry,
      });
    }
    return this.#begin(vm, call, {
      kind: vm.power === 'stopped' ? 'vm.deallocate stopped' : 'vm.deallocate',
      during: 'deallocating',
      after: 'deallocated',
      retry,
      hibernate,
    });
  }

  /** Source: Retry-After 10, then 9, recorded; a running machine answers alike and does nothing. */
  start(vm: Vm, call: Call): Answer {
    const retry = { initialS: 10, firstPollS: 9 };
    if (vm.power === 'running') {
      return this.#begin(vm, call, {
        kind: 'vm.start running',
        during: null,
        after: 'running',
        retry,
      });
    }
    this.#refuseWhileDisksChange(vm);
    // Off in the guest alone, it has kept its place.
    const sizes = vm.power === 'deallocated' ? this.#around.restrictedSizes : [];
    refuseUnavailableSize(vm, sizes);
    return this.#begin(vm, call, {
      kind: vm.power === 'stopped' ? 'vm.start stopped' : 'vm.start',
      during: 'starting',
      after: 'running',
      retry,
      check: () => {
        allocate(vm, sizes);
        this.#checkKeys(vm);
      },
    });
  }

  powerOff(vm: Vm, call: Call): Answer {
    if (vm.power === 'deallocated' || vm.power === 'stopped') {
      return this.#begin(vm, call, {
        kind: 'vm.start running',
        during: null,
        after: vm.power,
        retry: {},
      });
    }
    return this.#begin(vm, call, {
      kind: 'vm.powerOff',
      during: 'stopping',
      after: 'stopped',
      retry: {},
    });
  }

  restart(vm: Vm, call: Call): Answer {
    if (vm.power !== 'running') {
      throw new ArmError(
        409,
        'OperationNotAllowed',
        `Cannot restart VM '${vm.name}' because it is not running.`,
      );
    }
    return this.#begin(vm, call, {
      kind: 'vm.restart',
      during: null,
      after: 'running',
      retry: { firstPollS: 10 },
      check: () => this.#checkKeys(vm),
    });
  }

  /**
   * Azure itself shuts down a machine that cannot go on.
   *
   * Assumed: as from inside, so that it keeps its disks; the documents say "shut down".
   */
  shutDown(vm: Vm): void {
    if (this.#around.operations.running(vm.id)) return;
    const off = { during: 'stopping', after: 'stopped', retry: {} } as const;
    this.#around.operations.startOwn(this.#transition(vm, { kind: 'vm.powerOff', ...off }));
    vm.power = 'stopping';
  }

  #begin(vm: Vm, call: Call, transition: Transition): Answer {
    const { during, after } = transition;
    const before = vm.power;
    const answered = this.#around.operations.begin(this.#transition(vm, transition), call);
    if (during !== null) vm.power = during;
    noteRequest(vm, before, after);
    return answered;
  }

  #transition(vm: Vm, { kind, after, retry, check, hibernate }: Transition): OperationPlan {
    const before = vm.power;
    return {
      ...vmPlan(vm, kind),
      ...(retry ? { retry } : {}),
      complete: () => {
        check?.();
        this.#arrive(vm, before, after);
        if (hibernate) vm.hibernated = true;
      },
      fail: (error) => failed(vm, before, error),
    };
  }

  #arrive(vm: Vm, before: PowerState, after: PowerState): void {
    vm.power = after;
    vm.failure = null;
    vm.updatedAt = Date.now();
    if (after === 'running') vm.hibernated = false;
    if (before === after) return;
    if (after === 'deallocated') vm.deallocations += 1;
    if (after === 'running') vm.starts += 1;
    noteArrival(vm, after);
    for (const disk of vm.disks) disk.ownershipUpdatedAt = Date.now();
    this.#around.changed(vm.disks.map(({ id }) => id));
  }

  #checkKeys(vm: Vm): void {
    for (const { encryption } of vm.disks) {
      if (encryption.diskEncryptionSetId) this.#around.checkKey(encryption.diskEncryptionSetId);
    }
  }

  /** Assumption: Azure refuses to attach a disk that is being written; no recording has the case. */
  #refuseWhileDisksChange(vm: Vm): void {
    const busy = vm.disks.find(({ id }) => this.#around.operations.running(id));
    if (!busy) return;
    throw new ArmError(
      409,
      'OperationNotAllowed',
      `Cannot start VM '${vm.name}' because disk '${busy.name}' is being updated.`,
    );
  }
}

export function vmPlan({ id, location }: Vm, kind: DurationKind): Omit<OperationPlan, 'complete'> {
  return { kind, resourceId: id, location, folder: 'operations' };
}

function failed(vm: Vm, before: PowerState, { code, message }: ErrorBody): void {
  vm.power = before;
  vm.failure = { code, message };
  vm.updatedAt = Date.now();
}

function noteRequest(vm: Vm, before: PowerState, after: PowerState): void {
  const now = new Date().toISOString();
  if (before === 'running' && after === 'deallocated') {
    vm.downtimes.push({
      deallocateRequestedAt: now,
      deallocatedAt: null,
      startRequestedAt: null,
      runningAt: null,
    });
  }
  const last = vm.downtimes.at(-1);
  if (after === 'running' && last && last.runningAt === null) last.startRequestedAt ??= now;
}

function noteArrival(vm: Vm, after: PowerState): void {
  const last = vm.downtimes.at(-1);
  if (!last) return;
  const now = new Date().toISOString();
  if (after === 'deallocated') last.deallocatedAt ??= now;
  if (after === 'running') last.runningAt ??= now;
}
