import { Random } from '../random.ts';
import type { EstateDescription, GroupDescription, VmDescription } from './estate-description.ts';
import type { EstateWish } from './estate-wish.ts';
import { foreignDisks, foreignGroups } from './generate-foreign-disks.ts';
import { keysOf } from './generate-keys.ts';
import { machineOf, SPECIAL_KINDS } from './generate-machine.ts';
import { type Mistakes, mistaken, NO_MISTAKES } from './generate-mistakes.ts';
import { recoveryVaults, riskOf } from './generate-risks.ts';

/** Machines in one resource group. */
const GROUP_SIZE = 25;
/** The share of machines beyond the plain ones, where there are enough. Assumed. */
const SPECIAL_SHARE = 0.3;

/**
 * Makes an estate: the same wish, the same estate. With `all` each kind is there at least once as
 * soon as there are 14 machines per region; how frequent each is, is assumed: nobody publishes it.
 */
export function generateEstate(wish: EstateWish): EstateDescription {
  const random = new Random(wish.seed);
  const subscriptionId = random.guid();
  const { regions, kinds } = wish;
  const machines: VmDescription[] = [];
  const groups = new Map<string, GroupDescription>();
  const mistakes: Mistakes[] = [];
  const backedUp = new Set<string>();
  let plain = 0;
  for (let index = 0; index < wish.vms; index += 1) {
    const location = regions[index % regions.length] ?? '';
    const group = `rg-app-${location}-${Math.floor(index / regions.length / GROUP_SIZE) + 1}`;
    groups.set(group, { name: group, location, tags: { owner: `team-${(groups.size % 7) + 1}` } });
    const place = { name: `vm-${String(index + 1).padStart(5, '0')}`, group, location };
    const kind = kindAt(index, wish, random);
    const risk = kinds === 'all' && kind === 'plain' ? riskOf(plain++) : {};
    const machine = { ...machineOf(place, kind, { random, wish }), ...risk };
    const wrong =
      random.next() < wish.mistakes ? mistaken(machine, { random, subscriptionId }) : NO_MISTAKES;
    mistakes.push(wrong);
    if (wrong.isBackedUpNow) backedUp.add(machine.name);
    machines.push({ ...machine, ...wrong.machine });
  }
  const foreign = kinds === 'all' ? foreignDisks({ random, wish, subscriptionId }) : [];
  const clusters = machines.filter(({ tags }) => tags?.['role'] === 'cluster');
  return {
    subscriptionId,
    resourceGroups: [
      ...groups.values(),
      ...regions.map((location) => ({ name: `rg-keys-${location}`, location })),
      ...(kinds === 'all' ? foreignGroups(regions, subscriptionId) : []),
    ],
    ...keysOf(regions, wish.mistakes > 0),
    virtualMachines: machines,
    disks: [...foreign, ...sharedDisks(clusters), ...mistakes.flatMap(({ disks }) => disks)],
    snapshots: mistakes.flatMap(({ snapshots }) => snapshots),
    restorePoints: mistakes.flatMap(({ restorePoints }) => restorePoints),
    locks: mistakes.flatMap(({ locks }) => locks),
    restrictedSizes: mistakes.flatMap(({ restrictedSizes }) => restrictedSizes),
    recoveryVaults:
      kinds === 'all' || backedUp.size > 0 ? recoveryVaults(regions, machines, backedUp) : [],
  };
}

/** Each special kind once at first, then by chance. */
function kindAt(index: number, { kinds, regions }: EstateWish, random: Random) {
  const turn = random.next();
  if (kinds === 'plain') return 'plain';
  const first = SPECIAL_KINDS[Math.floor(index / regions.length)];
  if (index % regions.length === 0 && first) return first;
  if (turn >= SPECIAL_SHARE) return 'plain';
  return SPECIAL_KINDS[Math.floor((turn / SPECIAL_SHARE) * SPECIAL_KINDS.length)] ?? 'plain';
}

/** Machines of a cluster share a disk by two, within a region. */
function sharedDisks(clusters: readonly VmDescription[]) {
  const waiting = new Map<string, VmDescription>();
  return clusters.flatMap((machine) => {
    const { location = '', group = '' } = machine;
    const partner = waiting.get(location);
    if (!partner) {
      waiting.set(location, machine);
      return [];
    }
    waiting.delete(location);
    const name = `disk-quorum-${machine.name}`;
    const attachedTo = [partner.name, machine.name];
    return [{ name, group, location, maxShares: 2, sizeGB: 256, attachedTo }];
  });
}
