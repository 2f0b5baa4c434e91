import { allows, type Permission } from '../azure/permission.ts';
import type { Reading } from '../azure/reading.ts';
import { type Verdict, verdict } from './verdict.ts';

/** What a disk is put onto another set with. */
const TO_ENCRYPT = ['Microsoft.Compute/disks/write'];

/** What a VM is marked, switched off and started with; without the last it would stay off. */
const TO_SWITCH = [
  'Microsoft.Resources/tags/write',
  'Microsoft.Compute/virtualMachines/deallocate/action',
  'Microsoft.Compute/virtualMachines/start/action',
];

/** Judges whether keyturn may write the disk. */
export function judgeRightsOnDisk(
  diskId: string,
  permissions: Reading<readonly Permission[]>,
): readonly Verdict[] {
  return missing(TO_ENCRYPT, diskId, permissions);
}

/** Judges whether keyturn may do all that it takes to switch the VM off and to give it back. */
export function judgeRightsOnVm(
  vmId: string,
  permissions: Reading<readonly Permission[]>,
): readonly Verdict[] {
  return missing(TO_SWITCH, vmId, permissions);
}

function missing(
  needed: readonly string[],
  target: string,
  permissions: Reading<readonly Permission[]>,
): readonly Verdict[] {
  if (permissions.status === 'unreadable') {
    const message = `What keyturn may do here could not be read: ${permissions.message}`;
    return [verdict('unreadable', 'rights-unreadable', message, target)];
  }
  const lacking = needed.filter((action) => !allows(permissions.value, action));
  if (lacking.length === 0) return [];
  const message = `keyturn may not do here: ${lacking.join(', ')}.`;
  return [verdict('blocked', 'rights-missing', message, target)];
}
