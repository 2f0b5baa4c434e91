import type { ParseArgsOptionsConfig } from 'node:util';
import { parseArmScope } from '../../domain/azure/arm-id.ts';
import { UsageError } from '../usage-error.ts';

/** The options of commands that are about a disk, a VM, a resource group or a subscription. */
export const TARGET_OPTIONS = {
  subscription: { type: 'string', short: 's' },
  'resource-group': { type: 'string', short: 'g' },
  vm: { type: 'string' },
  disk: { type: 'string' },
  ids: { type: 'string' },
} as const satisfies ParseArgsOptionsConfig;

export const TARGET_OPTIONS_HELP = `  --subscription, -s  Subscription ID.
  --resource-group, -g
  --vm, --disk        One VM with all its disks, or one disk.
  --ids ARM_ID        The target as an ARM ID instead.`;

interface TargetOptions {
  readonly subscription?: string | undefined;
  readonly 'resource-group'?: string | undefined;
  readonly vm?: string | undefined;
  readonly disk?: string | undefined;
  readonly ids?: string | undefined;
}

/**
 * The ARM ID of what the options name.
 *
 * @throws UsageError when they contradict each other, or name nothing that can be converted.
 */
export function convertTarget(options: TargetOptions): string {
  const { subscription, 'resource-group': group, vm, disk, ids } = options;
  const problem = problemOf(options);
  if (problem !== null) throw new UsageError(problem);
  const parts = [
    `/subscriptions/${subscription}`,
    group && `/resourceGroups/${group}`,
    vm && `/providers/Microsoft.Compute/virtualMachines/${vm}`,
    disk && `/providers/Microsoft.Compute/disks/${disk}`,
  ];
  const target = ids ?? parts.join('');
  if (parseArmScope(target) !== null) return target;
  throw new UsageError(`"${target}" is no subscription, resource group, VM or disk.`);
}

function problemOf(options: TargetOptions): string | null {
  const { subscription, 'resource-group': group, vm, disk, ids } = options;
  const parts = { subscription, 'resource-group': group, vm, disk };
  const empty = Object.entries({ ...parts, ids }).find(([, value]) => value === '');
  if (empty) return `--${empty[0]} is empty.`;
  const hasParts = Object.values(parts).some((value) => value !== undefined);
  if (ids !== undefined) return hasParts ? 'Give --ids alone, or the parts of the ID.' : null;
  if (subscription === undefined) return 'Say what to convert: --subscription, or --ids.';
  if (vm !== undefined && disk !== undefined) return 'Give --vm or --disk, not both.';
  if ((vm ?? disk) !== undefined && group === undefined) {
    return '--vm and --disk need --resource-group.';
  }
  return null;
}
