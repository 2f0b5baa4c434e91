import type { OrchestrationContext } from 'durable-functions';
import { findGroup } from '../../activities/conversion/find-group.ts';
import { findPlatformKeyDisks } from '../../activities/conversion/find-platform-key-disks.ts';
import { planDisk } from '../../activities/conversion/plan-disk.ts';
import { readInstances } from '../../activities/conversion/read-instances.ts';
import { stopInstances } from '../../activities/conversion/stop-instances.ts';
import type { TargetPage } from '../../activities/conversion/target-page.ts';
import { judgeExtent } from '../../activities/gate/judge-extent.ts';
import { alertAbout } from '../../domain/alert/alert.ts';
import type { ArmScope } from '../../domain/azure/arm-id.ts';
import { type ConversionTarget, onceEach } from '../../domain/conversion/conversion-target.ts';
import type { RequestOutcome, TargetResult } from '../../domain/conversion/instance-outcome.ts';
import { RESOURCE_GRAPH_LAG } from '../../domain/conversion/planned-scope.ts';
import type { RequestProgress } from '../../domain/conversion/progress.ts';
import type { Person, Requester } from '../../domain/people/requester.ts';
import { defineOrchestrator, type Step, sleep, waitForStop } from '../../durable/steps.ts';
import { raiseAlert } from '../alert/raise-alert.ts';
import { instanceRequest } from '../steps/instance-request.ts';
import { startAtOnce } from '../steps/start-at-once.ts';
import { untilAnswered } from '../steps/until-answered.ts';
import { planScope } from './plan-scope.ts';

export interface ConvertScopeInput {
  readonly scope: ArmScope;
  /** Says what would be done, and does nothing. */
  readonly dryRun: boolean;
  /** Who asked; null behind a function key. */
  readonly person: Person | null;
}

/** A request may go on for hours: its own history must not. */
function lookAfterMs(round: number): number {
  if (round <= 10) return 1_000;
  return round <= 22 ? 5_000 : 60_000;
}

/**
 * Converts what a person asked for: a disk, a VM, a resource group or a subscription.
 *
 * Each VM and each loose disk is an instance of its own, shared with events and the sweep. A stop
 * reaches all of them: those whose VM is not yet off end there, the others finish.
 */
export const convertScope = defineOrchestrator(
  'convertScope',
  function* (context, { scope, dryRun, person }: ConvertScopeInput): Step<RequestOutcome> {
    const show = (progress: Omit<RequestProgress, 'target'>) =>
      context.df.setCustomStatus({ target: scope.id, ...progress } satisfies RequestProgress);

    show({ step: 'searching', targets: 0, ended: 0 });
    const found = yield* findTargets(context, scope);
    if (found.kind !== 'found') return found;
    const { targets } = found;
    const lack = found.mayLack ? { incomplete: RESOURCE_GRAPH_LAG } : {};
    const tooMany = yield* judgeScope(context, scope);
    if (tooMany?.kind === 'unreadable') return tooMany;
    if (tooMany !== null && !dryRun) {
      const { code, message } = tooMany;
      raiseAlert(context, alertAbout('too-many-eligible', scope.id, message, code));
      return tooMany;
    }
    const requestedBy = { kind: 'person', person, requestId: context.df.instanceId } as const;

    show({ step: dryRun ? 'planning' : 'converting', targets: targets.length, ended: 0 });
    if (dryRun) {
      const planned = yield* planScope(context, targets);
      show({ step: 'ended', targets: targets.length, ended: targets.length });
      return { ...planned, ...lack, tooMany };
    }
    const results = yield* convertAll(context, targets, requestedBy, (ended) =>
      show({ step: 'converting', targets: targets.length, ended }),
    );
    show({ step: 'ended', targets: targets.length, ended: results.length });
    return { kind: results.some(wasStopped) ? 'stopped' : 'done', results, ...lack };
  },
);

/** What stands against so much at once, or null. A single VM or disk is never too much. */
function* judgeScope(
  context: OrchestrationContext,
  scope: ArmScope,
): Step<Extract<RequestOutcome, { kind: 'too-many' | 'unreadable' }> | null> {
  if (scope.kind === 'vm' || scope.kind === 'disk') return null;
  const extent = yield* untilAnswered(context, () => judgeExtent.call(context, { scope }));
  if (extent.status !== 'ok') return { kind: 'unreadable', code: extent.code };
  return extent.value.kind === 'fine' ? null : extent.value;
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

/** In Azure's own words. Source: recorded refusals of Resource Manager. */
function noGroup(name: string) {
  const message = `Resource group '${name}' could not be found.`;
  return { kind: 'not-found', code: 'ResourceGroupNotFound', message } as const;
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
  for (let round = 1; ; round++) {
    if (stopping) {
      yield* sleep(context, lookAfterMs(round));
    } else if (yield* waitForStop(context, lookAfterMs(round))) {
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
