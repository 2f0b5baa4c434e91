import type { OrchestrationContext } from 'durable-functions';
import type { VmConversion } from '../../activities/conversion/plan-vm.ts';
import {
  type ConversionOutcome,
  describeInPlace,
} from '../../domain/conversion/conversion-outcome.ts';
import { describeDisks } from '../../domain/conversion/describe-record.ts';
import type { Requester } from '../../domain/people/requester.ts';
import type { Step } from '../../durable/steps.ts';
import { unwritable } from '../turn/unwritable.ts';
import { beginningOf, Chronicle } from './chronicle.ts';
import { encrypted } from './encrypted.ts';
import { recorded, recordedBeginning } from './recorded.ts';
import { showConversion } from './show.ts';
import { stoppedSets } from './stopped-sets.ts';

/** The VM is off already: nothing is switched, neither off nor on. */
export function* convertInPlace(
  context: OrchestrationContext,
  vmId: string,
  plan: VmConversion,
  requestedBy: Requester,
): Step<ConversionOutcome> {
  const chronicle = new Chronicle(context, beginningOf(vmId, plan, requestedBy));
  if (!(yield* recordedBeginning(context, chronicle))) return unwritable(plan);
  showConversion(context, vmId, plan, 'encrypting');
  const disks = yield* encrypted(context, plan.changes, 'in-place', chronicle);
  yield* stoppedSets(context, plan.changes, disks);
  showConversion(context, vmId, plan, 'ended');
  const verdicts = [...plan.verdicts, ...plan.undecidable];
  const outcome = describeInPlace({ disks, skipped: plan.skipped, verdicts });
  // Its owner may have started it meanwhile.
  const power = { before: 'deallocated', after: null } as const;
  const ending = { power, disks: describeDisks(plan.changes, disks), downtimeMs: null };
  yield* recorded(context, chronicle.ended({ ...ending, outcome: outcome.kind }));
  return outcome;
}
