import { Operations } from './arm/operations.ts';
import { RoleStore } from './authorization/role-store.ts';
import { PolicyStore } from './azure-policy/policy-store.ts';
import { AVAILABILITY_SET_TYPE, type AvailabilitySet } from './compute/availability-set.ts';
import { DISK_TYPE, type Disk, type DiskEncryption } from './compute/disk.ts';
import { DiskStore } from './compute/disk-store.ts';
import { checkEncryptionChange } from './compute/encryption-rules.ts';
import { type EncryptionSet, SET_TYPE } from './compute/encryption-set.ts';
import { EncryptionSetStore } from './compute/encryption-set-store.ts';
import { checkKeyBehind } from './compute/key-rules.ts';
import type { RestrictedSize } from './compute/restricted-size.ts';
import { SCALE_SET_TYPE, type ScaleSet } from './compute/scale-set.ts';
import {
  RESTORE_TYPE,
  type RestorePointCollection,
  SNAPSHOT_TYPE,
  type Snapshot,
} from './compute/snapshot.ts';
import { pointsInTime } from './compute/snapshot-routes.ts';
import { VM_TYPE, type Vm } from './compute/vm.ts';
import { VmStore } from './compute/vm-store.ts';
import { SCHEDULE_TYPE, type ShutdownSchedule } from './devtestlab/shutdown-schedule.ts';
import { KeyStore } from './keyvault/key-store.ts';
import { VAULT_TYPE, type Vault } from './keyvault/vault.ts';
import { ManagementGroups } from './management/management-groups.ts';
import { INTERFACE_TYPE, type NetworkInterface } from './network/network-interface.ts';
import { ADDRESS_TYPE, type PublicAddress } from './network/public-address.ts';
import type { Random } from './random.ts';
import { RECOVERY_VAULT_TYPE, type RecoveryVault } from './recovery/recovery-vault.ts';
import { Collection, Inventory } from './resources/inventory.ts';
import type { Lock } from './resources/lock-routes.ts';
import { ACCOUNT_TYPE, type StorageAccount } from './storage/storage-account.ts';

/** Everything that exists, and the stores that change it. */
export interface World {
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** Object ID of the identity whose tokens are given out. */
  readonly callerId: string;
  readonly speed: number;
  readonly random: Random;
  readonly inventory: Inventory;
  readonly managementGroups: ManagementGroups;
  readonly policies: PolicyStore;
  readonly operations: Operations;
  readonly vms: Collection<Vm>;
  readonly disks: Collection<Disk>;
  readonly sets: Collection<EncryptionSet>;
  readonly snapshots: Collection<Snapshot>;
  readonly restorePoints: Collection<RestorePointCollection>;
  readonly vaults: Collection<Vault>;
  readonly storageAccounts: Collection<StorageAccount>;
  readonly availabilitySets: Collection<AvailabilitySet>;
  readonly scaleSets: Collection<ScaleSet>;
  readonly networkInterfaces: Collection<NetworkInterface>;
  readonly publicAddresses: Collection<PublicAddress>;
  readonly shutdownSchedules: Collection<ShutdownSchedule>;
  readonly recoveryVaults: Collection<RecoveryVault>;
  readonly restrictedSizes: RestrictedSize[];
  readonly keys: KeyStore;
  readonly locks: Lock[];
  readonly roles: RoleStore;
  readonly vmStore: VmStore;
  readonly diskStore: DiskStore;
  readonly setStore: EncryptionSetStore;
}

interface Beginnings {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly callerId: string;
  readonly random: Random;
  readonly speed: number;
  /** Told of resources that changed without being written themselves. */
  readonly changed: (resourceIds: readonly string[]) => void;
}

export function createWorld({
  subscriptionId,
  tenantId,
  callerId,
  random,
  speed,
  changed,
}: Beginnings): World {
  const managementGroups = new ManagementGroups(tenantId);
  const inventory = new Inventory({ id: subscriptionId, name: 'Contoso Production' });
  const operations = new Operations({ random, speed });
  const vms = new Collection<Vm>(VM_TYPE, inventory);
  const disks = new Collection<Disk>(DISK_TYPE, inventory);
  const sets = new Collection<EncryptionSet>(SET_TYPE, inventory);
  const snapshots = new Collection<Snapshot>(SNAPSHOT_TYPE, inventory);
  const restorePoints = new Collection<RestorePointCollection>(RESTORE_TYPE, inventory);
  const keys = new KeyStore();
  const roles = new RoleStore({ random, speed, hierarchy: managementGroups });
  const rules = { sets, keys, roles, points: pointsInTime(snapshots, restorePoints) };
  const checkKey = (setId: string) => checkKeyBehind(setId, rules);
  const checkChange = (disk: Disk, wanted: DiskEncryption) =>
    checkEncryptionChange(disk, wanted, rules);
  return {
    subscriptionId,
    tenantId,
    callerId,
    speed,
    random,
    inventory,
    managementGroups,
    policies: new PolicyStore(managementGroups),
    operations,
    vms,
    disks,
    sets,
    snapshots,
    restorePoints,
    vaults: new Collection<Vault>(VAULT_TYPE, inventory),
    storageAccounts: new Collection<StorageAccount>(ACCOUNT_TYPE, inventory),
    availabilitySets: new Collection<AvailabilitySet>(AVAILABILITY_SET_TYPE, inventory),
    scaleSets: new Collection<ScaleSet>(SCALE_SET_TYPE, inventory),
    networkInterfaces: new Collection<NetworkInterface>(INTERFACE_TYPE, inventory),
    publicAddresses: new Collection<PublicAddress>(ADDRESS_TYPE, inventory),
    shutdownSchedules: new Collection<ShutdownSchedule>(SCHEDULE_TYPE, inventory),
    recoveryVaults: new Collection<RecoveryVault>(RECOVERY_VAULT_TYPE, inventory),
    restrictedSizes: [],
    keys,
    locks: [],
    roles,
    vmStore: new VmStore({ vms, operations, checkKey, changed }),
    diskStore: new DiskStore({ disks, snapshots, operations, random, checkChange, checkKey }),
    setStore: new EncryptionSetStore({ sets, operations, random, tenantId }),
  };
}
