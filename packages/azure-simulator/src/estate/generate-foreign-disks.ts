import type { Random } from '../random.ts';
import type { DiskDescription, GroupDescription } from './estate-description.ts';
import type { EstateWish } from './estate-wish.ts';

interface Surroundings {
  readonly random: Random;
  readonly wish: EstateWish;
  readonly subscriptionId: string;
}

/** Disks per machine, beside the machines' own. Assumed. */
const SHARES = {
  loose: 0.12,
  scaleSet: 0.05,
  aksNode: 0.05,
  aksVolume: 0.03,
  databricks: 0.02,
  replica: 0.03,
  seed: 0.01,
} as const;

type Kind = keyof typeof SHARES;

/** Groups of services that manage what is in them. */
export function foreignGroups(
  regions: readonly string[],
  subscriptionId: string,
): readonly GroupDescription[] {
  const owner = (location: string, tail: string) =>
    `/subscriptions/${subscriptionId}/resourceGroups/rg-platform-${location}/providers/${tail}`;
  return regions.flatMap((location) => [
    { name: `rg-loose-${location}`, location },
    { name: `rg-dr-${location}`, location },
    {
      name: nodeGroup(location),
      location,
      managedBy: owner(location, `Microsoft.ContainerService/managedClusters/aks-${location}`),
    },
    {
      name: `databricks-rg-${location}`,
      location,
      managedBy: owner(location, `Microsoft.Databricks/workspaces/dbw-${location}`),
    },
  ]);
}

/** Disks of no machine of ours: at least one of each kind in the first region. */
export function foreignDisks(around: Surroundings): readonly DiskDescription[] {
  const { wish } = around;
  return Object.entries(SHARES).flatMap(([kind, share]) => {
    const count = wish.vms === 0 ? 0 : Math.max(1, Math.round(wish.vms * share));
    return Array.from({ length: count }, (_, index) => diskOf(kind as Kind, index, around));
  });
}

function diskOf(
  kind: Kind,
  index: number,
  { random, wish: { regions }, subscriptionId }: Surroundings,
): DiskDescription {
  const location = regions[index % regions.length] ?? '';
  const number = index + 1;
  const instance = (group: string, set: string) =>
    `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachineScaleSets/${set}/virtualMachines/${index}`;
  const pool = `aks-nodepool1-${location}-vmss`;
  switch (kind) {
    case 'loose':
      return { name: `disk-loose-${number}`, group: `rg-loose-${location}`, location, sizeGB: 64 };
    case 'scaleSet':
      return {
        name: `vmss-batch_${index}_OsDisk_1_${random.hex(8)}`,
        group: `rg-loose-${location}`,
        location,
        os: 'Linux',
        fromImage: true,
        managedBy: instance(`rg-loose-${location}`, 'vmss-batch'),
      };
    case 'aksNode':
      return {
        name: `${pool}_${index}_OsDisk_1_${random.hex(8)}`,
        group: nodeGroup(location),
        location,
        os: 'Linux',
        fromImage: true,
        managedBy: instance(nodeGroup(location), pool),
        tags: { 'aks-managed-poolName': 'nodepool1' },
      };
    case 'aksVolume':
      return {
        name: `pvc-${random.guid()}`,
        group: nodeGroup(location),
        location,
        managedBy: instance(nodeGroup(location), pool),
        tags: { 'kubernetes.io-created-for-pvc-name': `claim-${number}` },
      };
    case 'databricks':
      return {
        name: `databricks-worker-${number}`,
        group: `databricks-rg-${location}`,
        location,
        os: 'Linux',
      };
    case 'replica':
      return {
        name: `vm-source-${number}_OsDisk-ASRReplica`,
        group: `rg-dr-${location}`,
        location,
      };
    case 'seed':
      return { name: `asrseeddisk-vm-source-${number}`, group: `rg-dr-${location}`, location };
  }
}

function nodeGroup(location: string): string {
  return `MC_rg-aks_aks-${location}_${location}`;
}
