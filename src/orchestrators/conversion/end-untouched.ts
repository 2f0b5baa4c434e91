import type { OrchestrationContext } from 'durable-functions';
import type { ScheduledVmConversion } from '../../activities/conversion/plan-vm.ts';
import {
  type ConversionOutcome,
  describeConversion,
} from '../../domain/conversion/conversion-outcome.ts';
import { describeDisks } from '../../domain/conversion/describe-record.ts';
import type { Step } from '../../durable/steps.ts';
import type { Chronicle } from './chronicle.ts';
import { recordEnd } from './record-end.ts';

/** Ends a conversion whose VM could not even be marked: nobody else would tell of it. */
export function* endUntouched(
  context: OrchestrationContext,
  vmId: string,
  plan: ScheduledVmConversion,
  chronicle: Chronicle,
  { code, message }: { readonly code: string; readonly message: string },
): Step<ConversionOutcome> {
  chronicle.note('mark', vmId, { code, message });
  const outcome = describeConversion({
    disks: [],
    skipped: plan.skipped,
    verdicts: [...plan.verdicts, ...plan.undecidable],
    deallocated: false,
    vmProblem: code,
    vmProblemMessage: message,
    vmProblemAt: 'mark',
    vmLeftOff: false,
  });
  // It was not looked at again: its owner may have switched it meanwhile.
  const power = { before: 'running', after: null } as const;
  const disks = describeDisks(plan.changes, []);
  const ending = { power, disks, downtimeMs: null, outcome: outcome.kind };
  yield* recordEnd(context, chronicle.ended(ending));
  return outcome;
}
