import { nameOf, sameId } from '../azure/arm-id.ts';
import type { Disk } from '../azure/disk.ts';
import { chooseDiskEncryptionSet } from '../policy/choose-disk-encryption-set.ts';
import type { ConversionPolicy } from '../policy/conversion-policy.ts';
import type { DiskFacts, Sharer } from './disk-facts.ts';
import { type Verdict, verdict } from './verdict.ts';

/**
 * Judges what all VMs that hold a shared disk say of it: it is changed while all are deallocated, and
 * goes onto the set that all of them would have.
 *
 * Source: "Share an Azure managed disk", limitations: what changes the disk needs all VMs deallocated.
 */
export function judgeSharers(
  { disk, sharers }: Pick<DiskFacts, 'disk' | 'sharers'>,
  setId: string,
  policy: ConversionPolicy,
): readonly Verdict[] {
  const ofDisk = judgeAttachment(disk, sharers.status === 'read' ? sharers.value : []);
  if (sharers.status === 'unreadable') {
    const message = `Another VM that holds the disk could not be read: ${sharers.message}`;
    return [...ofDisk, verdict('unreadable', 'sharers-unreadable', message, disk.id)];
  }
  const others = sharers.value.filter(({ tags }) => {
    const choice = chooseDiskEncryptionSet(disk, tags, policy);
    return choice.kind !== 'chosen' || !sameId(choice.setId, setId);
  });
  return [
    ...ofDisk,
    ...others.map(({ id }) => {
      const message = `For ${nameOf(id)}, which holds the disk too, the policy chooses no set or another one.`;
      return verdict('blocked', 'ambiguous-set', message, disk.id);
    }),
  ];
}

/** Whether a shared disk shows that one of its VMs has it in use. */
export function isAttachedShared({ maxShares, diskState }: Disk): boolean {
  return maxShares > 1 && diskState === 'Attached';
}

/** The disk's state may lag behind one of its VMs. */
function judgeAttachment(disk: Disk, sharers: readonly Sharer[]): readonly Verdict[] {
  const on = sharers.filter(({ powerState }) => powerState !== 'deallocated').map(({ id }) => id);
  if (!isAttachedShared(disk) && on.length === 0) return [];
  const names = (isAttachedShared(disk) ? disk.sharers : on).map(nameOf).join(', ');
  const message = `The disk is shared, and not all its VMs are deallocated: ${names}.`;
  return [verdict('blocked', 'shared-disk', message, disk.id)];
}
