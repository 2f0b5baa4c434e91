import type { RestrictedSize } from '../compute/restricted-size.ts';
import type { Random } from '../random.ts';
import type {
  DiskDescription,
  LockDescription,
  RestorePointDescription,
  SnapshotDescription,
  VmDescription,
} from './estate-description.ts';
import { setName, WRONG_SET_KINDS } from './generate-keys.ts';
import { pick } from './generate-machine.ts';

/** What is wrong about a machine: in itself, or beside it. */
export interface Mistakes {
  readonly machine: Partial<VmDescription>;
  readonly disks: readonly DiskDescription[];
  readonly snapshots: readonly SnapshotDescription[];
  readonly restorePoints: readonly RestorePointDescription[];
  readonly locks: readonly LockDescription[];
  readonly restrictedSizes: readonly RestrictedSize[];
  readonly isBackedUpNow: boolean;
}

export const NO_MISTAKES: Mistakes = {
  machine: {},
  disks: [],
  snapshots: [],
  restorePoints: [],
  locks: [],
  restrictedSizes: [],
  isBackedUpNow: false,
};

/** Of no other machine. */
const RARE_SIZE = 'Standard_F2s_v2';
const REASONS = ['subscription', 'retired', 'capacity'] as const;

const KINDS = [
  'snapshot',
  'restore-point',
  'export',
  'upload',
  'stopped',
  'wrong-set',
  'lock',
  'ade-before',
  'restricted-size',
  'backup',
] as const;

/** One thing that keeps a machine's disks from another key, or makes it harder. */
export function mistaken(
  vm: VmDescription,
  { random, subscriptionId }: { readonly random: Random; readonly subscriptionId: string },
): Mistakes {
  const { name, group = '', location = '' } = vm;
  const loose = (disk: Partial<DiskDescription>): Mistakes => ({
    ...NO_MISTAKES,
    disks: [{ name: `${name}-loose`, group, location, sizeGB: 32, ...disk }],
  });
  const kind = pick(KINDS, random);
  switch (kind) {
    case 'snapshot': {
      const disk = diskNames(vm)[0];
      if (disk === undefined) return NO_MISTAKES;
      return { ...NO_MISTAKES, snapshots: [{ name: `snap-${disk}`, group, disk }] };
    }
    case 'restore-point': {
      const points = ['AzureBackup_20261120_210512', 'AzureBackup_20261121_210447'];
      const collection = { name: `AzureBackup_${name}_${random.hex(8)}`, group, vm: name, points };
      return { ...NO_MISTAKES, restorePoints: [collection] };
    }
    case 'export':
      return loose({ state: 'ActiveSAS' });
    case 'upload':
      return loose({ state: 'ReadyToUpload' });
    case 'stopped':
      return { ...NO_MISTAKES, machine: { power: 'stopped' } };
    case 'wrong-set':
      return loose({ encryptionSet: setName(location, pick(WRONG_SET_KINDS, random)) });
    case 'lock': {
      const scope = `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`;
      return { ...NO_MISTAKES, locks: [{ name: `lock-${name}`, scope, level: 'ReadOnly' }] };
    }
    case 'ade-before':
      return loose({ ade: 'before' });
    case 'restricted-size': {
      const restricted = { size: RARE_SIZE, location, reason: pick(REASONS, random) };
      return { ...NO_MISTAKES, machine: { size: RARE_SIZE }, restrictedSizes: [restricted] };
    }
    case 'backup':
      return { ...NO_MISTAKES, isBackedUpNow: true };
  }
}

function diskNames({ osDisk, dataDisks }: VmDescription): readonly string[] {
  const data = typeof dataDisks === 'object' ? dataDisks : [];
  const system = typeof osDisk === 'object' ? [osDisk] : [];
  return [...data, ...system].flatMap(({ name }) => (name ? [name] : []));
}
