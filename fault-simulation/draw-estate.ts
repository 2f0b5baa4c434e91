import type {
  DiskDescription,
  EstateDescription,
  RestorePointDescription,
  SnapshotDescription,
  VmDescription,
} from '@keyturn/azure-simulator/estate-description';
import type { Draw } from './draw.ts';
import { drawWindow } from './draw-policy.ts';
import { REGIONS, type Region, type StoryWindow, SUBSCRIPTION } from './story.ts';

const DAY_MS = 86_400_000;

/** Draws VMs, disks, snapshots, and two regions with a vault and a set each. */
export function drawEstate(draw: Draw, startsAt: string): EstateDescription {
  const drawn = Array.from({ length: draw.between(1, 6) }, (_, at) => aVm(draw, at + 1, startsAt));
  const shared = sharedDisks(draw, drawn);
  const vms = shared.length > 0 ? sharing(draw, drawn) : drawn;
  const loose = Array.from({ length: draw.between(0, 2) }, (_, at) => looseDisk(draw, at + 1));
  return {
    subscriptionId: SUBSCRIPTION,
    vaults: REGIONS.map((location) => ({ name: vaultOf(location), location })),
    encryptionSets: REGIONS.map((location) => ({
      name: `des-${location}`,
      group: 'rg-keys',
      location,
      key: `${vaultOf(location)}/disks`,
      accessGranted: 'by-role',
    })),
    virtualMachines: vms,
    disks: [...loose, ...shared],
    snapshots: snapshots(draw, vms),
    restorePoints: restorePoints(draw, vms),
  };
}

export function vaultOf(region: Region): string {
  return `kv-${region}`;
}

function aVm(draw: Draw, number: number, startsAt: string): VmDescription {
  const name = `vm-${number}`;
  const inSet = draw.chance(0.25);
  return {
    name,
    location: draw.chance(0.75) ? REGIONS[0] : REGIONS[1],
    power: draw.weighted([
      [80, 'running'],
      [15, 'deallocated'],
      [5, 'stopped'],
    ] as const),
    osDisk: { name: `${name}-os` },
    dataDisks: draw.weighted([
      [35, 0],
      [30, 1],
      [20, 2],
      [10, 3],
      [5, 4],
    ]),
    tags: tags(draw, startsAt),
    ...(inSet ? { availabilitySet: 'as-1' } : {}),
    ...(!inSet && draw.chance(0.3) ? { zones: [draw.pick(['1', '2'])] } : {}),
  };
}

function tags(draw: Draw, startsAt: string): Record<string, string> {
  return {
    ...(draw.chance(0.25) ? { 'keyturn:group': 'dc' } : {}),
    ...(draw.chance(0.08) ? { 'keyturn:exclude': 'true' } : {}),
    ...(draw.chance(0.08) ? { 'keyturn:exclude-until': drawUntil(draw, startsAt) } : {}),
    ...(draw.chance(0.1) ? { 'keyturn:window': windowTag(drawWindow(draw)) } : {}),
  };
}

/** A time some days around the beginning, or no time at all. */
export function drawUntil(draw: Draw, startsAt: string): string {
  if (draw.chance(0.2)) return 'when it is done';
  const atMs = Date.parse(startsAt) + draw.between(-24, 48) * (DAY_MS / 24);
  return new Date(atMs).toISOString();
}

export function windowTag({ days, from, to, timeZone }: StoryWindow): string {
  return `${days.join(',')} ${from}-${to} ${timeZone}`;
}

function looseDisk(draw: Draw, number: number): DiskDescription {
  return {
    name: `loose-${number}`,
    location: draw.chance(0.75) ? REGIONS[0] : REGIONS[1],
    ...(draw.chance(0.15) ? { tags: { 'keyturn:exclude': 'not yet' } } : {}),
  };
}

function sharedDisks(draw: Draw, vms: readonly VmDescription[]): readonly DiskDescription[] {
  const [first, second] = vms;
  if (!first || !second || first.location !== second.location || !draw.chance(0.3)) return [];
  const attachedTo = [first.name, second.name];
  return [{ name: 'shared-1', location: first.location ?? REGIONS[0], maxShares: 2, attachedTo }];
}

/** A shared disk can be changed while its VMs are off; their owners are often of different minds. */
function sharing(draw: Draw, vms: readonly VmDescription[]): readonly VmDescription[] {
  if (!draw.chance(0.7)) return vms;
  const excluded = draw.chance(0.6) ? draw.between(0, 1) : null;
  return vms.map((vm, at) => {
    if (at > 1) return vm;
    const tags = at === excluded ? { ...vm.tags, 'keyturn:exclude': 'true' } : vm.tags;
    return { ...vm, power: 'deallocated', ...(tags ? { tags } : {}) };
  });
}

function snapshots(draw: Draw, vms: readonly VmDescription[]): readonly SnapshotDescription[] {
  return vms
    .filter(() => draw.chance(0.06))
    .map(({ name }) => ({ name: `snap-${name}`, disk: `${name}-os`, group: 'rg-backup' }));
}

function restorePoints(
  draw: Draw,
  vms: readonly VmDescription[],
): readonly RestorePointDescription[] {
  return vms
    .filter(() => draw.chance(0.04))
    .map(({ name }) => ({ name: `points-${name}`, vm: name, points: ['first'] }));
}
