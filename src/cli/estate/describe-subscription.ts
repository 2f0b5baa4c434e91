import type {
  DiskDescription,
  EstateDescription,
  GroupDescription,
  LockDescription,
  RestorePointDescription,
  SnapshotDescription,
} from '@keyturn/azure-simulator/estate-description';
import type { Resource } from '../../azure/arm/pages.ts';
import type { Subscription } from '../../azure/resources/read-subscription.ts';
import { machinesAround } from './describe-around.ts';
import { describeDisk } from './describe-disk.ts';
import { describeGovernance } from './describe-governance.ts';
import { describeSet, describeVaults } from './describe-keys.ts';
import { describeMachine, diskIdsOf } from './describe-machine.ts';
import { at, known, lastOf, listAt, tagsOf, textAt } from './json.ts';
import { groupNames, type Names, uniqueNames } from './names.ts';

/** A subscription as an estate: what is read, without keys' material, secrets or contents. */
export function describeSubscription(read: Subscription, nowMs: number): EstateDescription {
  const { subscriptionId, tenantId, groups, machines, encryptionSets } = read;
  const groupOf = groupNames(groups);
  const sets = uniqueNames(encryptionSets);
  const vms = uniqueNames(machines);
  const disks = describeDisks(read, sets, vms);
  const aroundOf = machinesAround(read);
  const statuses = new Map(read.statuses.map((it) => [it.id.toLowerCase(), it]));
  return {
    subscriptionId,
    ...(tenantId ? { tenantId } : {}),
    resourceGroups: groups.map(describeGroup),
    vaults: describeVaults(read, groupOf, nowMs),
    encryptionSets: encryptionSets.map((it) => describeSet(it, sets(it.id) ?? '', groupOf(it.id))),
    virtualMachines: machines.map((machine) => {
      const status = statuses.get(machine.id.toLowerCase());
      const place = { name: vms(machine.id) ?? '', group: groupOf(machine.id) };
      return describeMachine(machine, { ...place, status, nowMs, aroundOf }, disks.held);
    }),
    disks: disks.alone,
    snapshots: read.snapshots.flatMap((it) => describeSnapshot(it, groupOf, disks.names)),
    restorePoints: read.restorePoints.flatMap((it) => describePoints(it, groupOf, vms)),
    locks: read.locks.flatMap(describeLock),
    ...describeGovernance(read, nowMs),
  };
}

/** Disks of one machine are described with it; those that several share, or nobody holds, alone. */
function describeDisks({ disks, machines, groups }: Subscription, sets: Names, vms: Names) {
  const groupOf = groupNames(groups);
  const names = uniqueNames(disks);
  const holders = new Map<string, string[]>();
  for (const machine of machines) {
    for (const id of diskIdsOf(machine)) {
      const held = holders.get(id.toLowerCase()) ?? [];
      holders.set(id.toLowerCase(), [...held, vms(machine.id) ?? '']);
    }
  }
  const described = new Map(
    disks.map((disk) => {
      const place = { name: names(disk.id) ?? '', group: groupOf(disk.id) };
      return [disk.id.toLowerCase(), describeDisk(disk, place, sets)];
    }),
  );
  const holdersOf = (disk: Resource) => holders.get(disk.id.toLowerCase()) ?? [];
  const isShared = (disk: Resource) => holdersOf(disk).length > 1;
  const shared = new Set(disks.filter(isShared).map(({ id }) => id.toLowerCase()));
  const alone = disks
    .filter((disk) => isShared(disk) || holdersOf(disk).length === 0)
    .map((disk): DiskDescription => {
      const attachedTo = holdersOf(disk);
      return {
        name: '',
        ...described.get(disk.id.toLowerCase()),
        ...(attachedTo.length > 0 ? { attachedTo } : ownerOf(disk)),
      };
    });
  const held = (id: string | undefined) => {
    const key = id?.toLowerCase() ?? '';
    return shared.has(key) ? undefined : described.get(key);
  };
  return { names, alone, held };
}

/** An owner that is no machine of the estate, such as an instance of a uniform scale set. */
function ownerOf(disk: Resource): Partial<DiskDescription> {
  const managedBy = textAt(disk, 'managedBy');
  if (managedBy === undefined) return {};
  const isReserved = textAt(disk, 'properties.diskState') === 'Reserved';
  return { managedBy, ...(isReserved ? { state: 'Reserved' } : {}) };
}

function describeGroup(group: Resource): GroupDescription {
  return {
    name: lastOf(group.id),
    ...known({
      location: textAt(group, 'location'),
      managedBy: textAt(group, 'managedBy'),
      tags: tagsOf(group),
    }),
  };
}

/** None of a disk that is gone: it binds nothing any more. */
function describeSnapshot(
  snapshot: Resource,
  groupOf: (id: string) => string,
  disks: Names,
): readonly SnapshotDescription[] {
  const disk = disks(textAt(snapshot, 'properties.creationData.sourceResourceId'));
  if (disk === undefined) return [];
  const incremental = at(snapshot, 'properties.incremental') === true;
  return [{ name: lastOf(snapshot.id), group: groupOf(snapshot.id), disk, incremental }];
}

function describePoints(
  collection: Resource,
  groupOf: (id: string) => string,
  vms: Names,
): readonly RestorePointDescription[] {
  const vm = vms(textAt(collection, 'properties.source.id'));
  const points = listAt(collection, 'properties.restorePoints')
    .map((point) => textAt(point, 'name'))
    .filter((name) => name !== undefined);
  if (vm === undefined) return [];
  return [{ name: lastOf(collection.id), group: groupOf(collection.id), vm, points }];
}

function describeLock(lock: Resource): readonly LockDescription[] {
  const level = textAt(lock, 'properties.level');
  if (level !== 'CanNotDelete' && level !== 'ReadOnly') return [];
  const scope = lock.id.replace(/\/providers\/Microsoft\.Authorization\/locks\/[^/]+$/i, '');
  return [{ name: lastOf(lock.id), scope, level }];
}
