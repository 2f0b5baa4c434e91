import type { OrchestrationContext } from 'durable-functions';
import { findGroup } from '../../activities/conversion/find-group.ts';
import { findPlatformKeyDisks } from '../../activities/conversion/find-platform-key-disks.ts';
import { instanceRequest } from '../../activities/conversion/instance-request.ts';
import { planDisk } from '../../activities/conversion/plan-disk.ts';
import { readInstances } from '../../activities/conversion/read-instances.ts';
import { stopInstances } from '../../activities/conversion/stop-instances.ts';
import type { TargetPage } from '../../activities/conversion/target-page.ts';
import type { ArmScope } from '../../domain/azure/arm-id.ts';
import { type ConversionTarget, onceEach } from '../../domain/conversion/conversion-target.ts';
import type { RequestOutcome, TargetResult } from '../../domain/conversion/instance-outcome.ts';
import type { Requester } from '../../domain/people/requester.ts';
import { type Step, sleep, waitForStop } from '../../durable/steps.ts';
import { planScope } from '../conversion/plan-scope.ts';
import { startAtOnce } from '../steps/start-at-once.ts';
import { untilAnswered } from '../steps/until-answered.ts';
import { lookAfterMs } from './convert-found.ts';
import { type ConvertScopeInput, lackOf, type Show } from './convert-scope-input.ts';
import { judgeScope, noGroup, refused } from './judge-scope.ts';
/** A single VM or disk; what would be done with all that is asked about; or many without the store. */
export function* convertOrPlan(
  context: OrchestrationContext,
  { scope, dryRun, person }: ConvertScopeInput,
  show: Show,
): Step<RequestOutcome> {
  const found = yield* findTargets(context, scope);
  if (found.kind !== 'found') return found;
  const { targets } = found;
  const tooMany = yield* judgeScope(context, scope);
  if (tooMany?.kind === 'unreadable') return tooMany;
  if (tooMany !== null && !dryRun) return refused(context, scope, tooMany);
  const requestedBy = { kind: 'person', person, requestId: context.df.instanceId } as const;

  show({ step: dryRun ? 'planning' : 'converting', targets: targets.length, ended: 0 });
  if (dryRun) {
    const planned = yield* planScope(context, targets);
    show({ step: 'ended', targets: targets.length, ended: targets.length });
    return { ...planned, ...lackOf(found), tooMany };
  }
  const results = yield* convertAll(context, targets, requestedBy, (ended) =>
    show({ step: 'converting', targets: targets.length, ended }),
  );
  show({ step: 'ended', targets: targets.length, ended: results.length });
  return { kind: results.some(wasStopped) ? 'stopped' : 'done', results };
}

function wasStopped({ outcome }: TargetResult): boolean {
  return outcome.kind === 'stopped';
}

function* findTargets(
  context: OrchestrationContext,
  scope: ArmScope,
): Step<
  | {
      readonly kind: 'found';
      readonly targets: readonly ConversionTarget[];
      readonly mayLack?: boolean;
    }
  | { readonly kind: 'unreadable'; readonly code: string }
  | { readonly kind: 'not-found'; readonly code: string; readonly message: string }
> {
  if (scope.kind === 'vm') return { kind: 'found', targets: [{ kind: 'vm', id: scope.id }] };
  if (scope.kind === 'disk') {
    const plan = yield* untilAnswered(context, () => planDisk.call(context, { diskId: scope.id }));
    if (plan.status !== 'ok') return { kind: 'unreadable', code: plan.code };
    const target: ConversionTarget =
      plan.value.kind === 'of-vm'
        ? { kind: 'vm', id: plan.value.vmId }
        : { kind: 'disk', id: scope.id };
    return { kind: 'found', targets: [target] };
  }
  const targets: ConversionTarget[] = [];
  let skipToken: string | null = null;
  let mayLack = false;
  do {
    const page: Searched = yield* search(context, scope, skipToken);
    if (page.status !== 'ok') return { kind: 'unreadable', code: page.code };
    targets.push(...page.value.targets);
    mayLack ||= page.value.mayLack === true;
    skipToken = page.value.skipToken;
  } while (skipToken !== null);
  if (scope.kind === 'resource-group' && targets.length === 0) {
    const { isThere } = yield* findGroup.call(context, { groupId: scope.id });
    if (!isThere) return noGroup(scope.resourceGroup);
  }
  return { kind: 'found', targets: onceEach(targets), mayLack };
}

type Searched =
  | { readonly status: 'ok'; readonly value: TargetPage }
  | { readonly status: 'refused'; readonly code: string };

function* search(
  context: OrchestrationContext,
  scope: ArmScope,
  skipToken: string | null,
): Step<Searched> {
  return yield* untilAnswered(context, () =>
    findPlatformKeyDisks.call(context, { scope, skipToken }),
  );
}

function* convertAll(
  context: OrchestrationContext,
  targets: readonly ConversionTarget[],
  requestedBy: Requester,
  tell: (ended: number) => void,
): Step<readonly TargetResult[]> {
  const requests = targets.map((target) => instanceRequest(target, requestedBy));
  const instanceIds = requests.map(({ instanceId }) => instanceId);
  if (yield* waitForStop(context, 0)) {
    return targets.map((target) => ({ target, instanceId: null, outcome: { kind: 'stopped' } }));
  }
  yield* startAtOnce(context, requests);

  let stopping = false;
  const startedAtMs = context.df.currentUtcDateTime.getTime();
  for (;;) {
    const waitMs = lookAfterMs(context.df.currentUtcDateTime.getTime() - startedAtMs);
    if (stopping) {
      yield* sleep(context, waitMs);
    } else if (yield* waitForStop(context, waitMs)) {
      stopping = true;
      yield* stopInstances.call(context, { instanceIds });
    }
    const { states } = yield* readInstances.call(context, { instanceIds });
    const alive = states.filter((state) => state.alive).length;
    tell(states.length - alive);
    if (alive > 0) continue;
    return targets.map((target, place) => ({
      target,
      instanceId: instanceIds[place] ?? null,
      outcome: { kind: states[place]?.outcome ?? 'unknown' },
    }));
  }
}
