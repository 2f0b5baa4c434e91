import type { OrchestrationContext } from 'durable-functions';
import { findGroup } from '../../activities/conversion/find-group.ts';
import type { RequestOutcome } from '../../domain/conversion/instance-outcome.ts';
import { defineOrchestrator, type Step, waitForStop } from '../../durable/steps.ts';
import { type FoundSoFar, findAll, startFound, untilFoundEnded } from '../request/convert-found.ts';
import { convertOrPlan } from '../request/convert-or-plan.ts';
import {
  type ConvertScopeInput,
  lackOf,
  type Show,
  showerOf,
} from '../request/convert-scope-input.ts';
import { judgeScope, noGroup, refused } from '../request/judge-scope.ts';

/**
 * Converts what a person asked for: a disk, a VM, a resource group or a subscription.
 *
 * Each VM and each loose disk is an instance of its own, shared with events and the sweep. A stop
 * reaches all of them: those whose VM is not yet off end there, the others finish.
 */
export const convertScope = defineOrchestrator(
  'convertScope',
  function* (context, input: ConvertScopeInput): Step<RequestOutcome | object> {
    const { scope, dryRun } = input;
    const show = showerOf(context, scope);
    if (input.found) return yield* goOn(context, input, input.found, show);
    show({ step: 'searching', targets: 0, ended: 0 });
    const isMany = scope.kind === 'resource-group' || scope.kind === 'subscription';
    return yield* isMany && !dryRun
      ? convertMany(context, input, show)
      : convertOrPlan(context, input, show);
  },
);

/** What is found is in the store, not in the history: there may be thousands. */
function* convertMany(
  context: OrchestrationContext,
  input: ConvertScopeInput,
  show: Show,
): Step<RequestOutcome | object> {
  const { scope, person } = input;
  const requestId = context.df.instanceId;
  const found = yield* findAll(context, scope);
  if (found.status !== 'ok') return { kind: 'unreadable', code: found.code };
  // Nothing is begun without the store: what stands in the way of each is told from the history.
  if (!found.value.isNoted) return yield* convertOrPlan(context, input, show);
  const { targets, mayLack } = found.value;
  if (scope.kind === 'resource-group' && targets === 0) {
    const { isThere } = yield* findGroup.call(context, { groupId: scope.id });
    if (!isThere) return noGroup(scope.resourceGroup);
  }
  const tooMany = yield* judgeScope(context, scope);
  if (tooMany !== null) return refused(context, scope, tooMany);

  show({ step: 'converting', targets, ended: 0 });
  const requestedBy = { kind: 'person', person, requestId } as const;
  if (yield* waitForStop(context, 0)) {
    show({ step: 'ended', targets, ended: targets });
    return { kind: 'stopped', results: [], counts: { stopped: targets }, ...lackOf(found.value) };
  }
  yield* startFound(context, requestId, { requestedBy, askedBy: 'person' });
  const startedAtMs = context.df.currentUtcDateTime.getTime();
  return yield* goOn(context, input, { targets, mayLack, startedAtMs, stopping: false }, show);
}

function* goOn(
  context: OrchestrationContext,
  input: ConvertScopeInput,
  found: FoundSoFar,
  show: Show,
): Step<RequestOutcome | object> {
  const { targets } = found;
  const end = yield* untilFoundEnded(context, found, (ended) =>
    show({ step: 'converting', targets, ended }),
  );
  if (!('counts' in end)) {
    context.df.continueAsNew({ ...input, found: end });
    return {};
  }
  show({ step: 'ended', targets, ended: targets });
  const kind = end.counts['stopped'] ? 'stopped' : 'done';
  return { kind, results: [], counts: end.counts, ...lackOf(found) } satisfies RequestOutcome;
}
