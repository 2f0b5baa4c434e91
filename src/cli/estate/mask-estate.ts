import type {
  DiskDescription,
  EstateDescription,
  VmDescription,
} from '@keyturn/azure-simulator/estate-description';
import { maskGovernance } from './mask-governance.ts';
import { createMasks, type Masks } from './mask-names.ts';

/**
 * The same estate under other names. What stays: the structure, regions, sizes, states, and the
 * parts of names by which a kind of disk is known (`MC_`, `-ASRReplica`, tags of Kubernetes).
 *
 * @param salt random; nothing of it is in the result.
 */
export function maskEstate(estate: EstateDescription, salt: Uint8Array): EstateDescription {
  const masks = createMasks(salt, regionsIn(estate));
  const { name, id } = masks;
  return {
    subscriptionId: masks.guid(estate.subscriptionId),
    ...(estate.tenantId ? { tenantId: masks.guid(estate.tenantId) } : {}),
    resourceGroups: (estate.resourceGroups ?? []).map((group) => ({
      ...group,
      name: name(group.name),
      ...(group.managedBy ? { managedBy: id(group.managedBy) } : {}),
      ...(group.tags ? { tags: masks.tags(group.tags) } : {}),
    })),
    vaults: (estate.vaults ?? []).map((vault) => ({
      ...vault,
      ...placed(vault, masks),
      keys: (vault.keys ?? []).map((key) => ({ ...key, name: name(key.name) })),
    })),
    encryptionSets: (estate.encryptionSets ?? []).map((set) => ({
      ...set,
      ...placed(set, masks),
      ...(set.key ? { key: set.key.split('/').map(name).join('/') } : {}),
    })),
    virtualMachines: (estate.virtualMachines ?? []).map((vm) => maskMachine(vm, masks)),
    disks: (estate.disks ?? []).map((disk) => ({
      ...maskDisk(disk, masks),
      name: name(disk.name),
    })),
    snapshots: (estate.snapshots ?? []).map((snapshot) => ({
      ...snapshot,
      ...placed(snapshot, masks),
      disk: name(snapshot.disk),
    })),
    restorePoints: (estate.restorePoints ?? []).map((collection) => ({
      ...placed(collection, masks),
      vm: name(collection.vm),
      points: collection.points.map(name),
    })),
    locks: (estate.locks ?? []).map((lock) => ({
      name: name(lock.name),
      scope: id(lock.scope),
      level: lock.level,
    })),
    ...maskGovernance(estate, masks),
  };
}

function maskMachine(vm: VmDescription, masks: Masks): VmDescription {
  const { osDisk, dataDisks, availabilitySet, scaleSet, proximityPlacementGroup, tags } = vm;
  const { dedicatedHost, capacityReservation } = vm;
  return {
    ...vm,
    ...placed(vm, masks),
    ...(tags ? { tags: masks.tags(tags) } : {}),
    ...(availabilitySet ? { availabilitySet: masks.name(availabilitySet) } : {}),
    ...(scaleSet ? { scaleSet: masks.name(scaleSet) } : {}),
    ...(proximityPlacementGroup
      ? { proximityPlacementGroup: masks.name(proximityPlacementGroup) }
      : {}),
    ...(dedicatedHost ? { dedicatedHost: dedicatedHost.split('/').map(masks.name).join('/') } : {}),
    ...(capacityReservation ? { capacityReservation: masks.name(capacityReservation) } : {}),
    ...(osDisk ? { osDisk: osDisk === 'ephemeral' ? osDisk : maskDisk(osDisk, masks) } : {}),
    ...(typeof dataDisks === 'object'
      ? { dataDisks: dataDisks.map((disk) => maskDisk(disk, masks)) }
      : {}),
  };
}

function maskDisk(disk: Partial<DiskDescription>, masks: Masks): Partial<DiskDescription> {
  const { name, group, encryptionSet, confidential, managedBy, tags, attachedTo } = disk;
  const secure = confidential?.encryptionSet;
  return {
    ...disk,
    ...(name ? { name: masks.name(name) } : {}),
    ...(group ? { group: masks.name(group) } : {}),
    ...(encryptionSet ? { encryptionSet: masks.name(encryptionSet) } : {}),
    ...(confidential
      ? {
          confidential: {
            ...confidential,
            ...(secure ? { encryptionSet: masks.name(secure) } : {}),
          },
        }
      : {}),
    ...(managedBy ? { managedBy: masks.id(managedBy) } : {}),
    ...(tags ? { tags: masks.tags(tags) } : {}),
    ...(attachedTo ? { attachedTo: attachedTo.map(masks.name) } : {}),
  };
}

function placed(
  { name, group }: { readonly name: string; readonly group?: string },
  masks: Masks,
): { readonly name: string; readonly group?: string } {
  return { name: masks.name(name), ...(group ? { group: masks.name(group) } : {}) };
}

function regionsIn({ resourceGroups, disks, virtualMachines }: EstateDescription) {
  const all = [resourceGroups, disks, virtualMachines].flatMap((list) => list ?? []);
  return new Set(all.flatMap(({ location }) => (location ? [location] : [])));
}
