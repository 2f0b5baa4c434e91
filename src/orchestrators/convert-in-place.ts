import type { OrchestrationContext } from 'durable-functions';
import { type ConversionOutcome, describeInPlace } from '../domain/conversion-outcome.ts';
import type { VmConversion } from '../domain/decide-vm-conversion.ts';
import type { Step } from '../durable/steps.ts';
import { encrypted } from './encrypted.ts';
import { showConversion } from './show.ts';

/** The VM is off already: nothing is switched, neither off nor on. */
export function* convertInPlace(
  context: OrchestrationContext,
  vmId: string,
  plan: VmConversion,
): Step<ConversionOutcome> {
  showConversion(context, vmId, plan, 'encrypting');
  const disks = yield* encrypted(context, plan.changes, 'in-place');
  showConversion(context, vmId, plan, 'ended');
  const verdicts = [...plan.verdicts, ...plan.undecidable];
  return describeInPlace({ disks, skipped: plan.skipped, verdicts });
}
