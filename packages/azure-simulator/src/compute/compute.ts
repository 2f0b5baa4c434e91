import type { Operations } from '../arm/operations.ts';
import { Rounds } from '../arm/rounds.ts';
import type { Call } from '../arm/route.ts';
import type { RoleStore } from '../authorization/role-store.ts';
import type { KeyStore } from '../keyvault/key-store.ts';
import type { Random } from '../random.ts';
import type { Collection } from '../resources/inventory.ts';
import type { Disk } from './disk.ts';
import type { DiskEncryption } from './disk-spec.ts';
import { DiskStore } from './disk-store.ts';
import { checkEncryptionChange } from './encryption-rules.ts';
import type { EncryptionSet } from './encryption-set.ts';
import { EncryptionSetStore } from './encryption-set-store.ts';
import { rotateKeys } from './key-rotation.ts';
import { checkKeyBehind } from './key-rules.ts';
import { KeyWatch } from './key-watch.ts';
import type { Neighbours } from './neighbours-of-vm.ts';
import { pointsInTime } from './points-in-time.ts';
import type { RestorePointCollection } from './restore-point.ts';
import { RestorePointStore } from './restore-point-store.ts';
import type { RestrictedSize } from './restricted-size.ts';
import type { Snapshot } from './snapshot.ts';
import { SnapshotStore } from './snapshot-store.ts';
import type { Vm } from './vm.ts';
import { VmStore } from './vm-store.ts';
import { VmWrites } from './vm-writes.ts';

/** What may be done to machines, disks and what they are encrypted with. */
export interface Compute {
  readonly vmStore: VmStore;
  readonly vmWrites: VmWrites;
  readonly diskStore: DiskStore;
  readonly setStore: EncryptionSetStore;
  readonly snapshotStore: SnapshotStore;
  readonly restorePointStore: RestorePointStore;
  readonly keyWatch: KeyWatch;
  /** What Azure does by itself: rotates keys, and shuts down machines whose key went. */
  readonly rounds: Rounds;
}

export interface ComputeSurroundings extends Neighbours {
  readonly tenantId: string;
  readonly random: Random;
  readonly speed: number;
  readonly operations: Operations;
  readonly vms: Collection<Vm>;
  readonly disks: Collection<Disk>;
  readonly sets: Collection<EncryptionSet>;
  readonly snapshots: Collection<Snapshot>;
  readonly restorePoints: Collection<RestorePointCollection>;
  readonly keys: KeyStore;
  readonly roles: RoleStore;
  readonly restrictedSizes: readonly RestrictedSize[];
  readonly expiredKeyStopsMachines: boolean;
  /** Told of resources that changed without being written themselves. */
  readonly changed: (resourceIds: readonly string[]) => void;
  /** Told of resources that went with another one, which a call deleted. */
  readonly removed: (resourceIds: readonly string[], call: Call) => void;
}

export function createCompute(around: ComputeSurroundings): Compute {
  const { vms, snapshots, restorePoints, speed, changed } = around;
  const rules = { ...around, points: pointsInTime(snapshots, restorePoints) };
  const checked = {
    ...around,
    checkKey: (setId: string) => checkKeyBehind(setId, rules),
    checkChange: (disk: Disk, wanted: DiskEncryption) => checkEncryptionChange(disk, wanted, rules),
  };
  const vmStore = new VmStore(checked);
  const keyWatch = new KeyWatch(around);
  const stopStranded = () => {
    keyWatch.look();
    for (const vm of keyWatch.stranded(vms.list())) vmStore.shutDown(vm);
  };
  const rotate = () => changed(rotateKeys(around).map(({ id }) => id));
  return {
    vmStore,
    vmWrites: new VmWrites(checked),
    diskStore: new DiskStore(checked),
    setStore: new EncryptionSetStore(around),
    snapshotStore: new SnapshotStore(checked),
    restorePointStore: new RestorePointStore(around),
    keyWatch,
    rounds: new Rounds(speed, [rotate, stopStranded]),
  };
}
