import { Operations } from './arm/operations.ts';
import { HSM_ROLES } from './authorization/hsm-roles.ts';
import { RoleStore } from './authorization/role-store.ts';
import { PolicyStore } from './azure-policy/policy-store.ts';
import { type Compute, type ComputeSurroundings, createCompute } from './compute/compute.ts';
import { DISK_TYPE, type Disk } from './compute/disk.ts';
import { type EncryptionSet, SET_TYPE } from './compute/encryption-set.ts';
import { RESTORE_TYPE, type RestorePointCollection } from './compute/restore-point.ts';
import type { RestrictedSize } from './compute/restricted-size.ts';
import { SNAPSHOT_TYPE, type Snapshot } from './compute/snapshot.ts';
import { VM_TYPE, type Vm } from './compute/vm.ts';
import { SigningKey } from './entra/signing-key.ts';
import { createKeyVaults, type KeyVaults } from './keyvault/key-vaults.ts';
import { ManagementGroups } from './management/management-groups.ts';
import { type PlatformResources, platformResources } from './platform-resources.ts';
import type { Random } from './random.ts';
import { GraphLag } from './resource-graph/graph-lag.ts';
import { Collection, Inventory } from './resources/inventory.ts';
import type { Lock } from './resources/lock-routes.ts';
import { ACCOUNT_TYPE, type StorageAccount } from './storage/storage-account.ts';

/** Everything that exists, and the stores that change it. */
export interface World extends Compute, KeyVaults, PlatformResources {
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
  readonly storageAccounts: Collection<StorageAccount>;
  readonly restrictedSizes: RestrictedSize[];
  readonly graphLag: GraphLag;
  readonly locks: Lock[];
  readonly signingKey: SigningKey;
  readonly roles: RoleStore;
  /** What managed HSMs say themselves of who may use their keys. */
  readonly hsmRoles: RoleStore;
}

interface Beginnings {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly callerId: string;
  readonly random: Random;
  readonly speed: number;
  readonly changed: ComputeSurroundings['changed'];
  readonly removed: ComputeSurroundings['removed'];
  readonly expiredKeyStopsMachines: boolean;
  /** The longest that Resource Graph is behind, at speed 1. */
  readonly graphLagMs: number;
}

export function createWorld(beginnings: Beginnings): World {
  const { subscriptionId, tenantId, random, speed } = beginnings;
  const managementGroups = new ManagementGroups(tenantId);
  const inventory = new Inventory({ id: subscriptionId, name: 'Contoso Production' });
  const operations = new Operations({ random, speed });
  const vms = new Collection<Vm>(VM_TYPE, inventory);
  const disks = new Collection<Disk>(DISK_TYPE, inventory);
  const sets = new Collection<EncryptionSet>(SET_TYPE, inventory);
  const snapshots = new Collection<Snapshot>(SNAPSHOT_TYPE, inventory);
  const restorePoints = new Collection<RestorePointCollection>(RESTORE_TYPE, inventory);
  const keyVaults = createKeyVaults({ inventory, random, speed });

  const roles = new RoleStore({ random, speed, hierarchy: managementGroups });
  const builtIn = HSM_ROLES;
  const hsmRoles = new RoleStore({ random, speed, hierarchy: managementGroups, builtIn });
  const restrictedSizes: RestrictedSize[] = [];
  const platform = platformResources(inventory);
  const records = {
    ...{ operations, vms, disks, sets, snapshots, restorePoints, ...keyVaults, roles },
    restrictedSizes,
    ...platform,
  };
  return {
    ...beginnings,
    ...records,
    ...createCompute({ ...beginnings, ...records }),
    graphLag: new GraphLag({
      ...{ inventory, random, speed, lagMs: beginnings.graphLagMs },
      neighbours: (id) =>
        [...(vms.find(id)?.disks ?? []), ...(disks.find(id)?.owners ?? [])].map((it) => it.id),
    }),
    hsmRoles,
    inventory,
    managementGroups,
    policies: new PolicyStore(managementGroups),
    storageAccounts: new Collection<StorageAccount>(ACCOUNT_TYPE, inventory),
    locks: [],
    signingKey: new SigningKey(),
  };
}
