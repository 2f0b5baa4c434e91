import { isChanging } from '../azure/is-changing.ts';
import type { Vm } from '../azure/vm.ts';
import type { DiskJudgement, SkipReason } from '../gate/judge-disk.ts';
import { judgeVm } from '../gate/judge-vm.ts';
import { forbidsDeallocation, type Verdict } from '../gate/verdict.ts';
import type { ConversionPolicy } from '../policy/conversion-policy.ts';
import { exclusionOf } from '../policy/exclusion-of.ts';
import { isInScope } from '../policy/is-in-scope.ts';

const MINUTE_MS = 60_000;

/** A disk that goes onto a disk encryption set. */
export interface DiskChange {
  readonly diskId: string;
  readonly diskEncryptionSetId: string;
  readonly encryptionType: string;
}

type VmSkipReason =
  | SkipReason
  | 'ephemeral-os-disk'
  | 'nothing-to-convert'
  | 'may-not-deallocate'
  | 'busy'
  | 'settling';

/** A disk that stays as it is. */
export interface SkippedDisk {
  readonly diskId: string;
  /** A `VmSkipReason`, or the code of the verdict that blocks it or its VM. */
  readonly reason: string;
}

/** What shall happen to one VM. */
export type VmPlan =
  | { readonly kind: 'gone' }
  | {
      readonly kind: 'skip';
      readonly reason: VmSkipReason;
      readonly skipped: readonly SkippedDisk[];
    }
  | {
      readonly kind: 'blocked';
      readonly verdicts: readonly Verdict[];
      readonly skipped: readonly SkippedDisk[];
    }
  /** Another operation is under way, or the VM is new: look again later. */
  | { readonly kind: 'wait'; readonly reason: 'busy' | 'settling'; readonly waitMs: number }
  | {
      readonly kind: 'convert';
      readonly mode: ConversionPolicy['mode'];
      /** Whether the VM must be switched off for it, and started afterwards. */
      readonly deallocate: boolean;
      readonly changes: readonly DiskChange[];
      readonly skipped: readonly SkippedDisk[];
      /** What does not stand in the way: what only Azure can tell, and warnings. */
      readonly undecidable: readonly Verdict[];
      /** Of an off VM, what keeps its other disks from being converted. */
      readonly verdicts: readonly Verdict[];
    };

/** The plan that is carried out. */
export type VmConversion = Extract<VmPlan, { kind: 'convert' }>;

/**
 * Decides what to do with one VM and all its disks. Total: every VM gets exactly one answer.
 *
 * A VM that must be switched off is converted whole or not at all: one blocked disk would mean a
 * second outage later. A VM that is off already gets every disk that can go.
 *
 * @param ofDeallocation what stands against switching it off; empty where it is off already.
 */
export function decideVmConversion(
  vm: Vm,
  judgements: readonly DiskJudgement[],
  policy: ConversionPolicy,
  nowMs: number,
  ofDeallocation: readonly Verdict[] = [],
): VmPlan {
  const skipped = judgements
    .filter((each) => each.kind === 'skip')
    .map(({ diskId, reason }) => ({ diskId, reason }));
  const changes = judgements.filter((each) => each.kind === 'convert');
  const blocked = judgements.filter((each) => each.kind === 'blocked');
  const ofVm = [...judgeVm(vm), ...ofDeallocation.filter(forbidsDeallocation)];
  const verdicts = [...ofVm, ...blocked.flatMap((each) => each.verdicts)];
  const skip = (reason: VmSkipReason): VmPlan => ({
    kind: 'skip',
    reason,
    skipped: [...skipped, ...[...changes, ...blocked].map(({ diskId }) => ({ diskId, reason }))],
  });

  if (!isInScope(vm, policy)) return skip('out-of-scope');
  const exclusion = exclusionOf(vm, null, policy, nowMs);
  if (exclusion !== null) return skip(exclusion.code);
  if (changes.length + blocked.length === 0) return skip('nothing-to-convert');
  if (vm.hasEphemeralOsDisk) return skip('ephemeral-os-disk');
  if (isBusy(vm)) return { kind: 'wait', reason: 'busy', waitMs: MINUTE_MS / 2 };

  const settledAtMs = (vm.createdAtMs ?? 0) + policy.settleMinutes * MINUTE_MS;
  if (settledAtMs > nowMs) {
    return { kind: 'wait', reason: 'settling', waitMs: settledAtMs - nowMs };
  }
  const deallocate = vm.powerState !== 'deallocated';
  const allOrNothing = deallocate || ofVm.length > 0 || changes.length === 0;
  if (verdicts.length > 0 && allOrNothing) {
    const code = ofVm[0]?.code ?? blocked[0]?.verdicts[0]?.code ?? '';
    const held = [
      ...blocked.map(byOwnVerdict),
      ...changes.map(({ diskId }) => ({ diskId, reason: code })),
    ];
    return { kind: 'blocked', verdicts: onceEach(verdicts), skipped: [...skipped, ...held] };
  }
  if (deallocate && !policy.mayDeallocate) return skip('may-not-deallocate');
  return {
    kind: 'convert',
    mode: policy.mode,
    deallocate,
    changes: changes.map(({ diskId, diskEncryptionSetId, encryptionType }) => ({
      diskId,
      diskEncryptionSetId,
      encryptionType,
    })),
    skipped: [...skipped, ...blocked.map(byOwnVerdict)],
    undecidable: onceEach([
      ...ofDeallocation.filter(({ answer }) => answer === 'warn'),
      ...changes.flatMap((each) => each.undecidable),
    ]),
    verdicts: onceEach(verdicts),
  };
}

function byOwnVerdict({ diskId, verdicts }: Extract<DiskJudgement, { kind: 'blocked' }>) {
  return { diskId, reason: verdicts[0]?.code ?? '' };
}

function isBusy(vm: Vm): boolean {
  return ['starting', 'stopping', 'deallocating'].includes(vm.powerState) || isChanging(vm);
}

function onceEach(verdicts: readonly Verdict[]): readonly Verdict[] {
  const seen = new Map(verdicts.map((each) => [`${each.code} ${each.target}`, each]));
  return [...seen.values()];
}
