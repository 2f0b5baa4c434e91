import { unreadableVerdict, type Verdict } from '../gate/verdict.ts';
import type { DiskPlan } from './decide-disk-conversion.ts';
import type { DiskChange, SkippedDisk, VmConversion, VmPlan } from './decide-vm-conversion.ts';
import type { HeldVm } from './held-vm.ts';

/** How one disk ended. */
export type ConvertedDisk =
  | { readonly diskId: string; readonly kind: 'encrypted' | 'gone' | 'timed-out' }
  | RefusedDisk;

/** Azure, the policy or a stop said no to one disk. */
export interface RefusedDisk {
  readonly diskId: string;
  readonly kind: 'refused';
  /** ARM's code, verbatim. */
  readonly code: string;
  readonly message: string;
  /** Because of the key: no other disk may be put onto its set. */
  readonly stopsSet?: true;
  /** Because of what more than the disk and its set share: the scope of the stop. */
  readonly stopped?: string;
}

/** Why a conversion that may be done is not done now. */
type DeferReason =
  /** Its maintenance window is not open. */
  | 'outside-window'
  | 'awaits-approval'
  /** A person said no. */
  | 'rejected'
  /** It is converted when its owner deallocates it. */
  | 'awaits-deallocation'
  /** As many VMs are off as a cap allows. */
  | 'no-free-place'
  /** Everything, or its disk encryption set, is stopped. */
  | 'stop-standing'
  /** Nothing is switched off that the journal does not know of. */
  | 'journal-unwritable'
  /** Somebody else started the VM while it was off: it is theirs for now. */
  | 'started-by-another'
  /** In plans: somebody works on the VM, or it is new; a conversion waits for it. */
  | 'busy'
  | 'settling';

/** How a conversion ended: what `GET /api/conversions/{id}` shows. */
export type ConversionOutcome =
  | { readonly kind: 'gone' }
  | { readonly kind: 'of-vm'; readonly vmId: string }
  | ({ readonly kind: 'skipped' } & Omit<Extract<VmPlan, { kind: 'skip' }>, 'kind'>)
  | Extract<VmPlan, { kind: 'blocked' }>
  /**
   * What would be done: it was asked for no more, or the policy allows no more. `verdicts` tell what
   * keeps other disks from it, and what only Azure can tell.
   */
  | ({ readonly kind: 'reported' } & Omit<VmConversion, 'kind' | 'undecidable'>)
  /** It comes later, by itself or after what the reason names. */
  | {
      readonly kind: 'deferred';
      readonly reason: DeferReason;
      /** When it goes on, or until when it can be approved, in ms since 1970; null: not known. */
      readonly untilMs: number | null;
      /** e.g. which cap is full, or why it was stopped. */
      readonly detail: string;
      readonly changes: readonly DiskChange[];
    }
  /** Somebody asked it to stop before anything was switched off. */
  | { readonly kind: 'stopped' }
  | {
      readonly kind: 'converted' | 'failed';
      readonly disks: readonly ConvertedDisk[];
      readonly skipped: readonly SkippedDisk[];
      /** Of an off VM, what kept its other disks from being converted. */
      readonly verdicts: readonly Verdict[];
      /** Whether the VM was switched off for it. */
      readonly deallocated: boolean;
      /** ARM's code of what went wrong with the VM itself, or null. */
      readonly vmProblem: string | null;
      /** What Azure said of it, e.g. which policy refused. */
      readonly vmProblemMessage?: string;
      /** `mark`: Azure refused the tag that is written first, so the VM was never touched. */
      readonly vmProblemAt?: 'mark';
      /** True: the VM is off though it ran before. It stays marked, and the sweep starts it. */
      readonly vmLeftOff: boolean;
    };

/** It may be done, and not now. */
export type DeferredOutcome = Extract<ConversionOutcome, { kind: 'deferred' }>;

/** What a plan comes to when it is not carried out. */
export function describePlan(plan: VmPlan | DiskPlan | HeldVm): ConversionOutcome {
  switch (plan.kind) {
    case 'gone':
    case 'of-vm':
      return plan;
    case 'skip':
      return {
        kind: 'skipped',
        reason: plan.reason,
        skipped: 'skipped' in plan ? plan.skipped : [],
      };
    case 'blocked':
      return {
        kind: 'blocked',
        verdicts: plan.verdicts,
        skipped: 'skipped' in plan ? plan.skipped : [],
      };
    case 'held':
      return { kind: 'skipped', reason: 'busy', skipped: [] };
    case 'wait':
      return { kind: 'skipped', reason: plan.reason, skipped: [] };
    case 'convert':
      return {
        kind: 'reported',
        mode: plan.mode,
        deallocate: 'deallocate' in plan && plan.deallocate,
        changes: 'changes' in plan ? plan.changes : [plan.change],
        verdicts: [...('verdicts' in plan ? plan.verdicts : []), ...plan.undecidable],
        skipped: 'skipped' in plan ? plan.skipped : [],
      };
  }
}

/** What comes of a VM or disk that Azure did not let be read: blocked, with ARM's code. */
export function describeUnreadable(
  target: string,
  { code, message }: { readonly code: string; readonly message: string },
): Extract<ConversionOutcome, { kind: 'blocked' }> {
  return {
    kind: 'blocked',
    verdicts: [unreadableVerdict(code, message, target)],
    skipped: [],
  };
}

/** What comes of a conversion that the journal would not know of: nothing was begun. */
export function describeUnwritable(changes: readonly DiskChange[]): DeferredOutcome {
  const detail = 'The journal cannot be written.';
  return { kind: 'deferred', reason: 'journal-unwritable', untilMs: null, detail, changes };
}

/** What comes of a conversion for which a cap has no place: it goes on when another VM runs again. */
export function describeFull(key: string, changes: readonly DiskChange[]): DeferredOutcome {
  return { kind: 'deferred', reason: 'no-free-place', untilMs: null, detail: key, changes };
}

/** What comes of a VM that an earlier conversion switched off, and that does not start. */
export function describeLeftOff(code: string): ConversionOutcome {
  const nothing = { disks: [], skipped: [], verdicts: [] };
  return describeConversion({ ...nothing, deallocated: true, vmProblem: code, vmLeftOff: true });
}

/** ARM has no code for it: what was refused would have been taken, were the VM still off. */
export const STARTED_BY_ANOTHER = 'StartedByAnother';

/**
 * What comes of a conversion whose VM somebody else started meanwhile; null where nobody did, or all
 * that could be done was.
 *
 * It is no failure: there is nothing to mend and nothing to undo, and it is tried again later.
 */
export function describeStartedByAnother(
  changes: readonly DiskChange[],
  disks: readonly ConvertedDisk[],
): DeferredOutcome | null {
  const open = disks.filter(({ kind }) => kind === 'refused' || kind === 'timed-out');
  const isTheirs = open.every(
    (disk) => disk.kind === 'refused' && disk.code === STARTED_BY_ANOTHER,
  );
  if (!isTheirs || (disks.length > 0 && open.length === 0)) return null;
  const done = new Set(disks.filter((disk) => !open.includes(disk)).map(({ diskId }) => diskId));
  return {
    kind: 'deferred',
    reason: 'started-by-another',
    untilMs: null,
    detail: `Somebody else started the VM; ${done.size} of ${changes.length} disks were converted.`,
    changes: changes.filter(({ diskId }) => !done.has(diskId)),
  };
}

/** How a conversion ended for which no VM was switched, neither off nor on. */
export function describeInPlace(
  parts: Pick<Conversion, 'disks' | 'skipped' | 'verdicts'>,
): ConversionOutcome {
  return describeConversion({ ...parts, deallocated: false, vmProblem: null, vmLeftOff: false });
}

type Conversion = Omit<Extract<ConversionOutcome, { kind: 'converted' | 'failed' }>, 'kind'>;

/**
 * Puts together how a conversion ended from how its parts did.
 *
 * A disk that vanished meanwhile is no failure; one that was refused or timed out is. What only
 * Azure could tell of a disk, it has told by encrypting it.
 */
export function describeConversion(parts: Conversion): ConversionOutcome {
  const failed =
    parts.vmLeftOff ||
    parts.vmProblem !== null ||
    parts.disks.some(({ kind }) => kind === 'refused' || kind === 'timed-out');
  const encrypted = new Set(
    parts.disks.filter(({ kind }) => kind === 'encrypted').map(({ diskId }) => diskId),
  );
  const verdicts = parts.verdicts.filter(
    ({ answer, target }) => answer !== 'undecidable' || !encrypted.has(target),
  );
  return { kind: failed ? 'failed' : 'converted', ...parts, verdicts };
}
