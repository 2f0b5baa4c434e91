import type { Vm } from '../compute/vm.ts';

/** A machine that Site Recovery copies to another region. */
export interface ReplicatedItem {
  /** GUID. */
  readonly name: string;
  readonly vm: Vm;
  /** Region of the copy. */
  readonly copyIn: string;
}

const ITEM_TYPE =
  'Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems';

/**
 * Source: REST reference, Site Recovery, Replication Protected Items – List By Site Recovery Vault;
 * the names of fabric and container are those that the portal gives.
 */
export function replicatedItemBody(vaultId: string, { name, vm, copyIn }: ReplicatedItem) {
  const fabric = `asr-a2a-default-${vm.location}`;
  const path = `replicationFabrics/${fabric}/replicationProtectionContainers/${fabric}-container`;
  return {
    id: `${vaultId}/${path}/replicationProtectedItems/${name}`,
    name,
    type: ITEM_TYPE,
    properties: {
      friendlyName: vm.name,
      protectedItemType: 'A2AProtectedItem',
      protectionState: 'Protected',
      replicationHealth: 'Normal',
      activeLocation: 'Primary',
      providerSpecificDetails: {
        instanceType: 'A2A',
        fabricObjectId: vm.id,
        primaryFabricLocation: vm.location,
        recoveryFabricLocation: copyIn,
        vmProtectionState: 'Protected',
        protectedManagedDisks: vm.disks.map((disk) => ({
          diskId: disk.id,
          diskName: disk.name,
          recoveryDiskEncryptionSetId: null,
        })),
      },
    },
  };
}
