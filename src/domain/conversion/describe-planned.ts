import type { StandingApproval } from '../turn/approval.ts';
import type { ScheduledTurn } from '../turn/decide-turn.ts';
import {
  type ConversionOutcome,
  type DeferredOutcome,
  describeFull,
  describePlan,
} from './conversion-outcome.ts';
import type { DiskPlan } from './decide-disk-conversion.ts';
import type { VmPlan } from './decide-vm-conversion.ts';
import { describeNever, describeTurn } from './describe-turn.ts';
import type { HeldVm } from './held-vm.ts';

interface WithSchedule {
  readonly schedule: {
    readonly turn: ScheduledTurn;
    readonly approval?: StandingApproval | null;
    readonly full?: string | null;
  };
}

/** What shall happen to a VM or disk, and when. */
type ScheduledPlan =
  | Exclude<VmPlan | DiskPlan, { kind: 'convert' }>
  | (Extract<VmPlan | DiskPlan, { kind: 'convert' }> & WithSchedule)
  | HeldVm;

type Reported = Extract<ConversionOutcome, { kind: 'reported' }>;

/** What would be done, and why not now. */
export type DeferredPlan = DeferredOutcome &
  Pick<Reported, 'mode' | 'deallocate' | 'verdicts' | 'skipped'>;

/** What would become of one VM or disk whose conversion is asked for now. */
export type PlannedOutcome = ConversionOutcome | DeferredPlan;

/** What a conversion ends as that does nothing: there is nothing to do, or the policy only reports. */
export function describeUndone(target: string, plan: ScheduledPlan): ConversionOutcome {
  if (plan.kind === 'convert' && plan.schedule.turn.kind === 'never') {
    return describeNever(target, plan.schedule.turn);
  }
  return describePlan(plan);
}

/**
 * What a conversion would end as that is asked for now: as `reported` where it would be done.
 *
 * By the same judgement that ends conversions before they begin.
 */
export function describePlanned(
  target: string,
  plan: ScheduledPlan,
  nowMs: number,
): PlannedOutcome {
  if (plan.kind === 'wait' || plan.kind === 'held') return describeWait(plan, nowMs);
  const undone = describeUndone(target, plan);
  if (plan.kind !== 'convert' || undone.kind !== 'reported' || plan.mode === 'report') {
    return undone;
  }
  const { turn, approval = null, full = null } = plan.schedule;
  const { mode, deallocate, verdicts, skipped, changes } = undone;
  const notNow =
    describeTurn({ target, turn, changes, approval }) ??
    (deallocate && full !== null ? describeFull(full, changes) : null);
  if (notNow?.kind !== 'deferred') return notNow ?? undone;
  return { ...notNow, mode, deallocate, verdicts, skipped };
}

/** A conversion waits until it has settled, or nobody works on it any more, and judges it then. */
function describeWait(
  plan: Extract<ScheduledPlan, { kind: 'wait' | 'held' }>,
  nowMs: number,
): DeferredOutcome {
  const about = { kind: 'deferred', detail: '', changes: [] } as const;
  if (plan.kind === 'held') return { ...about, reason: 'busy', untilMs: null };
  const untilMs = plan.reason === 'settling' ? nowMs + plan.waitMs : null;
  return { ...about, reason: plan.reason, untilMs };
}
