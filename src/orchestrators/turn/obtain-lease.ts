import type { OrchestrationContext } from 'durable-functions';
import { type ScheduledVmConversion, setIdsOf } from '../../activities/conversion/plan-vm.ts';
import { releaseLease } from '../../activities/turn/release-lease.ts';
import { takeLease } from '../../activities/turn/take-lease.ts';
import {
  type ConversionOutcome,
  type DeferredOutcome,
  describeFull,
  describeUnwritable,
} from '../../domain/conversion/conversion-outcome.ts';
import type { Step } from '../../durable/steps.ts';
import { tellJournalAway } from '../alert/tell-journal-away.ts';
import type { SwitchOffRequest } from '../conversion/switch-off-request.ts';
import { warn } from '../steps/warn.ts';

/** Takes the right to hold a VM off, and its approval where one is needed; or says why not. */
export function* obtainLease(
  context: OrchestrationContext,
  { vmId, requestedBy, usedBy }: SwitchOffRequest,
  plan: ScheduledVmConversion,
  conversionId: string,
): Step<{ readonly kind: 'taken' } | ConversionOutcome> {
  const { caps, machine = null, digest, approvedBy } = plan.schedule;
  const approval = approvedBy === null ? null : { planDigest: digest, usedBy };
  const holder = context.df.instanceId;
  const about: Omit<DeferredOutcome, 'reason'> = {
    kind: 'deferred',
    untilMs: null,
    detail: '',
    changes: plan.changes,
  };
  try {
    const setIds = setIdsOf(plan);
    const whose = { vmId, requestedBy, holder, conversionId };
    const wanted = { ...whose, caps, setIds, machine, approval };
    const lease = yield* takeLease.call(context, wanted);
    switch (lease.kind) {
      case 'taken':
        return lease;
      case 'full':
        return describeFull(lease.key, plan.changes);
      case 'stopped':
        return { ...about, reason: 'stop-standing', detail: lease.stop.reason };
      case 'not-approved':
        return { ...about, reason: 'awaits-approval', detail: lease.reason };
    }
  } catch (error) {
    tellJournalAway(context, vmId, String(error));
    return describeUnwritable(plan.changes);
  }
}

/**
 * Gives the right back. What the store does not take is taken away by the sweep.
 *
 * @param conversionId for which it was taken, as far as that is known: it may be given back again
 * minutes later, when the next conversion of the VM has it off.
 */
export function* returnLease(context: OrchestrationContext, conversionId: string): Step<void> {
  const holder = context.df.instanceId;
  try {
    yield* releaseLease.call(context, { holder, conversionId });
  } catch {
    warn(context, 'lease.not-released', { holder });
  }
}
