import type { Disk } from '../../domain/azure/disk.ts';
import type { Holder } from '../../domain/gate/disk-facts.ts';
import { type DiskJudgement, judgeDisk, reasonToSkip } from '../../domain/gate/judge-disk.ts';
import type { ConversionPolicy } from '../../domain/policy/conversion-policy.ts';
import type { DiskFactsReader } from './read-disk-facts.ts';

/** Judges a disk, and reads what else that takes only when the disk itself does not decide it. */
export async function judgeReadDisk(
  disk: Disk,
  vm: Holder,
  readFacts: DiskFactsReader,
  policy: ConversionPolicy,
  nowMs: number,
): Promise<DiskJudgement> {
  // Events name disks and VMs without anything to convert all day: those cost no further calls.
  const reason = reasonToSkip(disk, vm, policy, nowMs);
  if (reason !== null) return { kind: 'skip', diskId: disk.id, reason };
  return judgeDisk(await readFacts(disk), policy, nowMs);
}
