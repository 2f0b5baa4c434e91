import type { OrchestrationContext } from 'durable-functions';
import type { ScheduledVmConversion } from '../../activities/conversion/plan-vm.ts';
import {
  type ConversionOutcome,
  describeConversion,
  describeLeftOff,
} from '../../domain/conversion/conversion-outcome.ts';
import { describeUndone } from '../../domain/conversion/describe-planned.ts';
import type { Requester } from '../../domain/people/requester.ts';
import { defineOrchestrator, type Step, waitForStop } from '../../durable/steps.ts';
import { type Patience, patience } from '../steps/patience.ts';
import { warn } from '../steps/warn.ts';
import { defer } from '../turn/defer.ts';
import { beginningOf, Chronicle, conversionId } from './chronicle.ts';
import { convertInPlace } from './convert-in-place.ts';
import { convertSwitchedOff, type KeptWaiting } from './convert-switched-off.ts';
import { endUntouched } from './end-untouched.ts';
import { planWhenSettled, type SettledPlan } from './plan-when-settled.ts';
import { show } from './show.ts';
import type { SwitchOffRequest } from './switch-off-request.ts';

export interface ConvertVmInput {
  readonly vmId: string;
  readonly requestedBy: Requester;
}

/**
 * Moves all disks of one VM to customer-managed keys, and gives it its power state back.
 *
 * One instance per VM, however many events name it. Before it ends it looks once more, for a disk
 * that was attached meanwhile has nobody else to notice it.
 */
export const convertVm = defineOrchestrator(
  'convertVm',
  function* (context, { vmId, requestedBy }: ConvertVmInput): Step<ConversionOutcome> {
    const startedAtMs = context.df.currentUtcDateTime.getTime();
    const request = { vmId, requestedBy, usedBy: conversionId(context), startedAtMs };
    const tried = new Set<string>();
    const next = patience(context);
    let outcome: ConversionOutcome | null = null;
    show(context, { target: vmId, step: 'judging', disks: 0, deallocate: false });
    for (;;) {
      const plan = yield* planAfter(
        context,
        outcome,
        planWhenSettled(context, { ...request, convertedIds: [...tried] }),
      );
      if (!isToDo(plan, tried)) return outcome ?? describeSettled(vmId, plan);
      const result = yield* convert(context, request, plan, next);
      if (result.kind === 'kept-waiting') continue;
      for (const { diskId } of plan.changes) tried.add(diskId);
      outcome = joinOutcomes(outcome, result);
      if (result.kind !== 'converted') return outcome;
    }
  },
);

/** Whether there are disks that this instance has not tried yet. */
function isToDo(plan: SettledPlan, tried: ReadonlySet<string>): plan is ScheduledVmConversion {
  if (plan.kind !== 'convert' || plan.mode === 'report') return false;
  return plan.changes.some(({ diskId }) => !tried.has(diskId));
}

function describeSettled(vmId: string, plan: SettledPlan): ConversionOutcome {
  if (plan.kind === 'left-off') return describeLeftOff(plan.code);
  return plan.kind === 'stopped' ? plan : describeUndone(vmId, plan);
}

function* convert(
  context: OrchestrationContext,
  request: SwitchOffRequest,
  plan: ScheduledVmConversion,
  next: Patience,
): Step<ConversionOutcome | KeptWaiting> {
  const { vmId, requestedBy } = request;
  const deferred = yield* defer(context, request, plan);
  if (deferred !== null) return deferred;
  if (!plan.deallocate) return yield* convertInPlace(context, vmId, plan, requestedBy);
  const result = yield* convertSwitchedOff(context, request, plan);
  if (result.kind !== 'kept-waiting') return result;
  const waitMs = next(result.retryAfterMs);
  if (waitMs === null) {
    const message = 'Azure kept the VM waiting for two hours; it was not switched off.';
    const chronicle = new Chronicle(context, beginningOf(vmId, plan, requestedBy));
    return yield* endUntouched(context, vmId, plan, chronicle, { code: result.code, message });
  }
  yield* waitForStop(context, waitMs);
  return result;
}

/** The last look, after a conversion: whatever Azure fails at then, the outcome stands. */
function* planAfter(
  context: OrchestrationContext,
  outcome: ConversionOutcome | null,
  read: Step<SettledPlan>,
): Step<SettledPlan> {
  try {
    return yield* read;
  } catch (error) {
    if (outcome === null) throw error;
    warn(context, 'conversion.not-looked-at-again', { reason: String(error) });
    return { kind: 'skip', reason: 'nothing-to-convert', skipped: [] };
  }
}

/** What two rounds on one VM come to together. */
function joinOutcomes(
  first: ConversionOutcome | null,
  second: ConversionOutcome,
): ConversionOutcome {
  if (first === null || !('disks' in first)) return second;
  if (!('disks' in second)) return first;
  return describeConversion({
    ...second,
    disks: [...first.disks, ...second.disks],
    deallocated: first.deallocated || second.deallocated,
  });
}
