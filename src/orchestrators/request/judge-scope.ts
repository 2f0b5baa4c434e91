import type { OrchestrationContext } from 'durable-functions';
import { judgeExtent } from '../../activities/gate/judge-extent.ts';
import { alertAbout } from '../../domain/alert/alert.ts';
import type { ArmScope } from '../../domain/azure/arm-id.ts';
import type { RequestOutcome } from '../../domain/conversion/instance-outcome.ts';
import type { Step } from '../../durable/steps.ts';
import { raiseAlert } from '../alert/raise-alert.ts';
import { untilAnswered } from '../steps/until-answered.ts';
/** What stands against a request, or null. */
export type Against = Extract<RequestOutcome, { kind: 'too-many' | 'unreadable' }> | null;

/** What stands against so much at once, or null. A single VM or disk is never too much. */
export function* judgeScope(context: OrchestrationContext, scope: ArmScope): Step<Against> {
  if (scope.kind === 'vm' || scope.kind === 'disk') return null;
  const extent = yield* untilAnswered(context, () => judgeExtent.call(context, { scope }));
  if (extent.status !== 'ok') return { kind: 'unreadable', code: extent.code };
  return extent.value.kind === 'fine' ? null : extent.value;
}

/** In Azure's own words. Source: recorded refusals of Resource Manager. */
export function noGroup(name: string) {
  const message = `Resource group '${name}' could not be found.`;
  return { kind: 'not-found', code: 'ResourceGroupNotFound', message } as const;
}

/** Tells people where all of it is too much; what stands against it is the outcome. */
export function refused(
  context: OrchestrationContext,
  { id }: ArmScope,
  against: NonNullable<Against>,
): NonNullable<Against> {
  if (against.kind === 'too-many') {
    raiseAlert(context, alertAbout('too-many-eligible', id, against.message, against.code));
  }
  return against;
}
