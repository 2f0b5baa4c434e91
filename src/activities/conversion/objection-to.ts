import { sameId } from '../../domain/azure/arm-id.ts';
import { type Disk, PLATFORM_KEY } from '../../domain/azure/disk.ts';
import { joinedTags } from '../../domain/azure/tags.ts';
import type { Vm } from '../../domain/azure/vm.ts';
import type { DiskChange } from '../../domain/conversion/decide-vm-conversion.ts';
import { chooseDiskEncryptionSet } from '../../domain/policy/choose-disk-encryption-set.ts';
import type { ConversionPolicy } from '../../domain/policy/conversion-policy.ts';
import { exclusionOf } from '../../domain/policy/exclusion-of.ts';
import { isInScope } from '../../domain/policy/is-in-scope.ts';
import type { Services } from '../services.ts';

interface Objection {
  readonly code: string;
  readonly message: string;
}

/**
 * What speaks against a change by now: its verdict may be hours old, after a crash or a throttling.
 *
 * Of a shared disk each of its VMs may object. A policy file that has become wrong objects, and does not throw: the VM is off and must start.
 */
export async function objectionTo(
  change: DiskChange,
  disk: Disk,
  holders: readonly Vm[],
  policy: Services['policy'],
): Promise<Objection | null> {
  if (disk.encryptionType !== PLATFORM_KEY) {
    const message = 'Somebody else has put the disk on another key meanwhile.';
    return { code: 'OtherCustomerKey', message };
  }
  try {
    const allowed = await policy();
    const asked = holders.length === 0 ? [null] : holders;
    return asked.every((vm) => allows(allowed, change, disk, vm))
      ? null
      : { code: 'PolicyChanged', message: 'The policy or its tags have changed meanwhile.' };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConfigError') throw error;
    return { code: 'PolicyUnusable', message: 'The policy file has become wrong meanwhile.' };
  }
}

function allows(
  policy: ConversionPolicy,
  { diskEncryptionSetId }: DiskChange,
  disk: Disk,
  vm: Vm | null,
): boolean {
  const vmTags = vm?.tags ?? {};
  const choice = chooseDiskEncryptionSet(disk, vmTags, policy);
  return (
    policy.mode === 'enforce' &&
    (vm === null || isInScope(vm, policy)) &&
    isInScope({ ...disk, tags: joinedTags(disk.tags, vmTags) }, policy) &&
    exclusionOf(disk, vm, policy, Date.now()) === null &&
    choice.kind === 'chosen' &&
    sameId(choice.setId, diskEncryptionSetId)
  );
}
