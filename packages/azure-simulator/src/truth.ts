import type { DrawnDuration } from './arm/operations.ts';
import { problemBehind } from './compute/key-rules.ts';
import type { KeyState } from './compute/key-watch.ts';
import { pointsInTime } from './compute/points-in-time.ts';
import type { Downtime } from './compute/vm.ts';
import type { DeadLetter } from './event-grid/dead-letter.ts';
import type { EventHub, SubscriptionState } from './event-grid/event-hub.ts';
import type { Gateway } from './gateway.ts';
import type { World } from './world.ts';

interface DiskTruth {
  readonly id: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  /** ARM IDs of the machines that hold it; several share it. */
  readonly owners: readonly string[];
  readonly isShared: boolean;
  /** What keeps points in time of it, so that Azure refuses it another key. */
  readonly heldBy: 'incremental-snapshots' | 'restore-points' | null;
  readonly encryptionType: string;
  readonly diskEncryptionSetId: string | null;
  readonly diskState: string;
  readonly managedBy: string | null;
  /** Whether its key is there, or went, and so long ago that reads fail. */
  readonly keyState: KeyState;
}

interface VmTruth {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly zones: readonly string[];
  readonly availabilitySetId: string | null;
  readonly powerState: string;
  readonly firstPowerState: string;
  readonly deallocations: number;
  readonly starts: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly downtimes: readonly Downtime[];
  /** The least that it can have been off: its own operations and those of its slowest disk. */
  readonly limitMs: number;
}

interface SetTruth {
  readonly id: string;
  readonly region: string;
  readonly keyUrl: string;
  /** Why its key cannot be used, or null. */
  readonly problem: 'missing' | 'disabled' | 'expired' | 'forbidden' | null;
}

interface QueueTruth {
  readonly account: string;
  readonly queue: string;
  /** Oldest first. */
  readonly messages: readonly unknown[];
}

/** What really is, whatever anybody was told. Plain JSON. */
export interface Truth {
  readonly disks: readonly DiskTruth[];
  readonly vms: readonly VmTruth[];
  readonly encryptionSets: readonly SetTruth[];
  readonly requests: Readonly<Record<string, number>>;
  readonly notSimulated: readonly string[];
  readonly pendingEvents: number;
  readonly throttled: number;
  readonly subscriptions: readonly SubscriptionState[];
  /** Events that were given up and kept. */
  readonly deadLetters: readonly DeadLetter[];
  /** How many events were given up and not kept. */
  readonly droppedEvents: number;
  /** What lies in queues of storage accounts. */
  readonly queues: readonly QueueTruth[];
}

export function tellTruth(world: World, gateway: Gateway, hub: EventHub): Truth {
  return {
    disks: disksOf(world),
    vms: world.vms.list().map((vm) => ({
      id: vm.id,
      name: vm.name,
      region: vm.location,
      zones: vm.spec.zones ?? [],
      availabilitySetId: vm.spec.availabilitySetId ?? null,
      powerState: vm.power,
      firstPowerState: vm.firstPower,
      deallocations: vm.deallocations,
      starts: vm.starts,
      tags: { ...vm.tags },
      downtimes: vm.downtimes.map((it) => ({ ...it })),
      limitMs: leastDowntimeMs(
        world.operations.drawn,
        vm.id,
        vm.disks.map(({ id }) => id),
      ),
    })),
    encryptionSets: world.sets.list().map((set) => ({
      id: set.id,
      region: set.location,
      keyUrl: set.activeKey.keyUrl,
      problem: problemBehind(set, world)?.problem ?? null,
    })),
    requests: Object.fromEntries([...gateway.requests].sort(([a], [b]) => a.localeCompare(b))),
    notSimulated: [...gateway.notSimulated],
    pendingEvents: hub.pending,
    throttled: gateway.throttled,
    subscriptions: hub.states(),
    deadLetters: hub.deadLetters(),
    droppedEvents: hub.dropped,
    queues: world.storageAccounts
      .list()
      .flatMap(({ name, queues }) =>
        [...queues].map(([queue, messages]) => ({ account: name, queue, messages: [...messages] })),
      ),
  };
}

function disksOf(world: World): readonly DiskTruth[] {
  const points = pointsInTime(world.snapshots, world.restorePoints);
  return world.disks.list().map((disk) => ({
    id: disk.id,
    region: disk.location,
    tags: { ...disk.tags },
    owners: disk.owners.map(({ id }) => id),
    isShared: disk.isShared,
    heldBy:
      (points.hasIncrementalSnapshot(disk) && 'incremental-snapshots') ||
      (points.hasRestorePoint(disk) && 'restore-points') ||
      null,
    encryptionType: disk.encryption.type,
    diskEncryptionSetId: disk.encryption.diskEncryptionSetId ?? null,
    diskState: disk.diskState,
    managedBy: disk.managedBy ?? null,
    keyState: world.keyWatch.keyStateOf(disk),
  }));
}

/** The least that a machine can have been off: its own operations and the slowest of its disks. */
function leastDowntimeMs(
  drawn: readonly DrawnDuration[],
  vmId: string,
  diskIds: readonly string[],
): number {
  const of = (id: string) => drawn.filter(({ resourceId }) => resourceId === id);
  const sum = (all: readonly DrawnDuration[]) =>
    all.reduce((total, it) => total + it.durationMs, 0);
  return sum(of(vmId)) + Math.max(0, ...diskIds.map((id) => sum(of(id))));
}
