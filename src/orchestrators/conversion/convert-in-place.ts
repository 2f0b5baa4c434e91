import type { OrchestrationContext } from 'durable-functions';
import type { ScheduledVmConversion } from '../../activities/conversion/plan-vm.ts';
import {
  type ConversionOutcome,
  describeInPlace,
  describeStartedByAnother,
  describeUnwritable,
} from '../../domain/conversion/conversion-outcome.ts';
import { describeDisks } from '../../domain/conversion/describe-record.ts';
import type { Requester } from '../../domain/people/requester.ts';
import type { Step } from '../../durable/steps.ts';
import { beginningOf, Chronicle } from './chronicle.ts';
import { encryptAndWait } from './encrypt-and-wait.ts';
import { recordBeginning } from './record-beginning.ts';
import { recordEnd } from './record-end.ts';
import { showConversion } from './show.ts';
import { stopSets } from './stop-sets.ts';

/** The VM is off already: nothing is switched, neither off nor on. */
export function* convertInPlace(
  context: OrchestrationContext,
  vmId: string,
  plan: ScheduledVmConversion,
  requestedBy: Requester,
): Step<ConversionOutcome> {
  const chronicle = new Chronicle(context, beginningOf(vmId, plan, requestedBy));
  if (!(yield* recordBeginning(context, chronicle))) return describeUnwritable(plan.changes);
  showConversion(context, vmId, plan, 'encrypting');
  const disks = yield* encryptAndWait(context, plan.changes, 'in-place', chronicle);
  yield* stopSets(context, plan.changes, disks);
  showConversion(context, vmId, plan, 'ended');
  const verdicts = [...plan.verdicts, ...plan.undecidable];
  const outcome =
    describeStartedByAnother(plan.changes, disks) ??
    describeInPlace({ disks, skipped: plan.skipped, verdicts });
  // Its owner may have started it meanwhile.
  const power = { before: 'deallocated', after: null } as const;
  const ending = { power, disks: describeDisks(plan.changes, disks), downtimeMs: null };
  yield* recordEnd(context, chronicle.ended({ ...ending, outcome: outcome.kind }));
  return outcome;
}
