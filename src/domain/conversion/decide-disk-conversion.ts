import type { Disk } from '../azure/disk.ts';
import { vmOf } from '../azure/vm-of.ts';
import type { DiskJudgement, SkipReason } from '../gate/judge-disk.ts';
import type { Verdict } from '../gate/verdict.ts';
import type { ConversionPolicy } from '../policy/conversion-policy.ts';
import type { DiskChange } from './decide-vm-conversion.ts';

/** What shall happen to a disk that no VM holds. */
export type DiskPlan =
  | { readonly kind: 'gone' }
  /** A VM holds it: the VM is the unit. */
  | { readonly kind: 'of-vm'; readonly vmId: string }
  | { readonly kind: 'skip'; readonly reason: SkipReason }
  | { readonly kind: 'blocked'; readonly verdicts: readonly Verdict[] }
  | {
      readonly kind: 'convert';
      readonly mode: ConversionPolicy['mode'];
      readonly change: DiskChange;
      readonly undecidable: readonly Verdict[];
    };

/** Decides what to do with one disk. Total: every disk gets exactly one answer. */
export function decideDiskConversion(
  disk: Disk,
  judgement: DiskJudgement,
  policy: ConversionPolicy,
): DiskPlan {
  switch (judgement.kind) {
    case 'skip':
      return { kind: 'skip', reason: judgement.reason };
    case 'blocked': {
      const vmId = vmOf(disk);
      return vmId ? { kind: 'of-vm', vmId } : { kind: 'blocked', verdicts: judgement.verdicts };
    }
    case 'convert': {
      const vmId = vmOf(disk);
      if (vmId) return { kind: 'of-vm', vmId };
      const { diskId, diskEncryptionSetId, encryptionType, undecidable } = judgement;
      const change = { diskId, diskEncryptionSetId, encryptionType };
      return { kind: 'convert', mode: policy.mode, change, undecidable };
    }
  }
}
