import type { OrchestrationContext } from 'durable-functions';
import { type PlannedVm, planVm } from '../../activities/conversion/plan-vm.ts';
import { describeUnreadable } from '../../domain/conversion/conversion-outcome.ts';
import type { HeldVm } from '../../domain/conversion/held-vm.ts';
import { type Step, waitForStop } from '../../durable/steps.ts';
import { untilAnswered } from '../steps/until-answered.ts';
import { giveBackHeld } from './give-back-held.ts';
import { show } from './show.ts';
import type { StartEnd } from './start-and-wait.ts';

/** What shall happen to a VM that has settled, or why nothing can. */
export type SettledPlan =
  | Exclude<PlannedVm, HeldVm>
  | { readonly kind: 'stopped' }
  /** It was off by a conversion that died, and does not start. */
  | Extract<StartEnd, { kind: 'left-off' }>;

/** How often a VM that others work on is looked at again: ten minutes in all. */
const BUSY_ROUNDS = 20;

/**
 * Judges the VM, gives it back if a conversion before this one has not, and waits until it has
 * settled and nobody else works on it.
 *
 * The plan that comes out was read a moment ago, with the policy as it is now.
 */
export function* planWhenSettled(
  context: OrchestrationContext,
  asked: {
    readonly vmId: string;
    readonly usedBy: string;
    readonly convertedIds: readonly string[];
  },
): Step<SettledPlan> {
  const { vmId, usedBy, convertedIds } = asked;
  const about = { vmId, usedBy, convertedIds };
  for (let round = 1; ; round++) {
    const answer = yield* untilAnswered(context, () => planVm.call(context, about));
    if (answer.status !== 'ok') return describeUnreadable(vmId, answer);
    const plan = answer.value;
    if (plan.kind === 'held') {
      const leftOff = yield* giveBackHeld(context, vmId, plan);
      if (leftOff !== null) return leftOff;
      continue;
    }
    if (plan.kind !== 'wait' || round === BUSY_ROUNDS) return plan;

    show(context, { target: vmId, step: 'waiting', disks: 0, deallocate: false });
    if (yield* waitForStop(context, plan.waitMs)) return { kind: 'stopped' };
  }
}
