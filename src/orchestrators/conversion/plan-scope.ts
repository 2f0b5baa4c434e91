import type { OrchestrationContext } from 'durable-functions';
import { planDisk, type ScheduledDiskConversion } from '../../activities/conversion/plan-disk.ts';
import { planVm, type ScheduledVmConversion } from '../../activities/conversion/plan-vm.ts';
import { describeUnreadable } from '../../domain/conversion/conversion-outcome.ts';
import type { ConversionTarget } from '../../domain/conversion/conversion-target.ts';
import { describePlanned } from '../../domain/conversion/describe-planned.ts';
import {
  type Forecasts,
  forecast,
  type PlannedConversion,
} from '../../domain/conversion/forecast.ts';
import type { PlannedScope, PlannedTarget } from '../../domain/conversion/planned-scope.ts';
import type { Step } from '../../durable/steps.ts';
import { untilAnswered } from '../steps/until-answered.ts';

/** Says what would be done, in which order and until when. Changes nothing. */
export function* planScope(
  context: OrchestrationContext,
  targets: readonly ConversionTarget[],
): Step<PlannedScope> {
  const results: Omit<PlannedTarget, 'forecast'>[] = [];
  const conversions: PlannedConversion[] = [];
  for (const target of targets) {
    const plan = yield* target.kind === 'vm'
      ? untilAnswered(context, () => planVm.call(context, { vmId: target.id, usedBy: null }))
      : untilAnswered(context, () => planDisk.call(context, { diskId: target.id }));
    const nowMs = context.df.currentUtcDateTime.getTime();
    const outcome =
      plan.status === 'ok'
        ? describePlanned(target.id, plan.value, nowMs)
        : describeUnreadable(target.id, plan);
    if (plan.status === 'ok' && plan.value.kind === 'convert' && outcome.kind !== 'blocked') {
      conversions.push(toPlanned(target.id, plan.value));
    }
    results.push({ target, instanceId: null, outcome });
  }
  const foretold = forecast(conversions, context.df.currentUtcDateTime.getTime());
  return { kind: 'planned', results: ordered(results, foretold), finish: foretold.finish };
}

function toPlanned(
  id: string,
  plan: ScheduledVmConversion | ScheduledDiskConversion,
): PlannedConversion {
  const { turn, caps, expected } = plan.schedule;
  return { id, deallocate: 'deallocate' in plan && plan.deallocate, turn, caps, expected };
}

function ordered(
  results: readonly Omit<PlannedTarget, 'forecast'>[],
  { conversions }: Forecasts,
): readonly PlannedTarget[] {
  const byId = new Map(conversions.map((each) => [each.id, each]));
  return results
    .map((result) => ({ ...result, forecast: byId.get(result.target.id) ?? null }))
    .toSorted((a, b) => (a.forecast?.order ?? Infinity) - (b.forecast?.order ?? Infinity) || 0);
}
