import type { OrchestrationContext } from 'durable-functions';
import { markVm, unmarkVm } from '../activities/mark-vm.ts';
import { planVm } from '../activities/plan-vm.ts';
import {
  type ConversionOutcome,
  type ConvertedDisk,
  describeConversion,
  describePlan,
} from '../domain/conversion-outcome.ts';
import type { VmPlan } from '../domain/decide-vm-conversion.ts';
import { defineOrchestrator, type Step, stoppedWithin } from '../durable/steps.ts';
import { type Deallocated, deallocated } from './deallocated.ts';
import { encrypted } from './encrypted.ts';
import { type Patience, patience } from './patience.ts';
import { show } from './show.ts';
import { type StartedAgain, startedAgain } from './started-again.ts';
import { untilAnswered } from './until-answered.ts';

export interface ConvertVmInput {
  readonly vmId: string;
}

type Conversion = Extract<VmPlan, { kind: 'convert' }>;

/**
 * Moves all disks of one VM to customer-managed keys, and gives it its power state back.
 *
 * One instance per VM, however many events name it. Before it ends it looks once more, for a disk
 * that was attached meanwhile has nobody else to notice it.
 */
export const convertVm = defineOrchestrator(
  'convertVm',
  function* (context, { vmId }: ConvertVmInput): Step<ConversionOutcome> {
    const tried = new Set<string>();
    const next = patience(context);
    let outcome: ConversionOutcome | null = null;
    show(context, { target: vmId, step: 'judging', disks: 0, deallocate: false });
    for (;;) {
      const plan = yield* planAfter(outcome, settledPlan(context, vmId));
      if (!isToDo(plan, tried))
        return outcome ?? (plan.kind === 'stopped' ? plan : describePlan(plan));
      const result = yield* convert(context, vmId, plan, next);
      if (result.kind === 'kept-waiting') continue;
      for (const { diskId } of plan.changes) tried.add(diskId);
      outcome = joined(outcome, result);
      if (result.kind !== 'converted') return outcome;
    }
  },
);

type Settled = VmPlan | { readonly kind: 'stopped' };

/** Whether there are disks that this instance has not tried yet. */
function isToDo(plan: Settled, tried: ReadonlySet<string>): plan is Conversion {
  if (plan.kind !== 'convert' || plan.mode === 'report') return false;
  return plan.changes.some(({ diskId }) => !tried.has(diskId));
}

function* convert(
  context: OrchestrationContext,
  vmId: string,
  plan: Conversion,
  next: Patience,
): Step<ConversionOutcome | Kept> {
  if (!plan.deallocate) return yield* convertInPlace(context, vmId, plan);
  const result = yield* convertSwitchedOff(context, vmId, plan);
  if (result.kind !== 'kept-waiting') return result;
  const waitMs = next(result.retryAfterMs);
  if (waitMs === null) return ended(plan, [], { kind: 'problem', code: result.code }, null);
  yield* stoppedWithin(context, waitMs);
  return result;
}

/** The last look, after a conversion: whatever Azure fails at then, the outcome stands. */
function* planAfter(outcome: ConversionOutcome | null, read: Step<Settled>): Step<Settled> {
  try {
    return yield* read;
  } catch (error) {
    if (outcome === null) throw error;
    return { kind: 'skip', reason: 'nothing-to-convert', skipped: [] };
  }
}

/** The VM is off already: nothing is switched, neither off nor on. */
function* convertInPlace(
  context: OrchestrationContext,
  vmId: string,
  plan: Conversion,
): Step<ConversionOutcome> {
  show(context, { ...about(vmId, plan), step: 'encrypting' });
  const disks = yield* encrypted(context, plan.changes, 'in-place');
  show(context, { ...about(vmId, plan), step: 'ended' });
  return describeConversion({
    disks,
    skipped: plan.skipped,
    verdicts: plan.verdicts,
    deallocated: false,
    vmProblem: null,
    vmLeftOff: false,
  });
}

/** Azure kept the VM waiting so long that it has to be judged anew; it runs. */
interface Kept {
  readonly kind: 'kept-waiting';
  readonly code: string;
  readonly retryAfterMs: number;
}

/**
 * The VM runs: it is marked, switched off, converted, started and unmarked.
 *
 * Whatever happens between, it is started: `finally` is the undo, and the mark with the sweep is
 * behind it for what skips `finally`. Where Azure has it wait before it is off, the verdict grows
 * old, and the VM is not switched off on an old verdict.
 */
function* convertSwitchedOff(
  context: OrchestrationContext,
  vmId: string,
  first: Conversion,
): Step<ConversionOutcome | Kept> {
  let plan = first;
  if (yield* stoppedWithin(context, 0)) return { kind: 'stopped' };

  const mark = { vmId, instanceId: context.df.instanceId };
  const marked = yield* markVm.call(context, mark);
  if (marked.status === 'throttled') {
    return { ...marked, kind: 'kept-waiting' };
  }
  if (marked.status !== 'ok') return ended(plan, [], { kind: 'problem', code: marked.code }, null);

  let off: Deallocated = { kind: 'problem', code: 'Unknown' };
  let started: StartedAgain = { kind: 'left-off', code: 'Unknown' };
  let disks: readonly ConvertedDisk[] = [];
  try {
    show(context, { ...about(vmId, plan), step: 'deallocating' });
    off = yield* deallocated(context, vmId, function* () {
      const again = yield* untilAnswered(context, () => planVm.call(context, { vmId }));
      if (again.status !== 'ok') return false;
      if (again.value.kind === 'convert') plan = again.value;
      return (
        again.value.kind === 'wait' || (again.value.kind === 'convert' && plan.mode !== 'report')
      );
    });
    if (off.kind === 'deallocated') {
      show(context, { ...about(vmId, plan), step: 'encrypting' });
      disks = yield* encrypted(context, plan.changes, 'switched-off');
    }
  } finally {
    show(context, { ...about(vmId, plan), step: 'starting' });
    started = yield* startedAgain(context, vmId);
    if (started.kind === 'running') {
      yield* untilAnswered(context, () => unmarkVm.call(context, mark));
    }
    show(context, { ...about(vmId, plan), step: 'ended' });
  }
  if (started.kind !== 'left-off') {
    if (off.kind === 'gone') return { kind: 'gone' };
    if (off.kind === 'unwanted')
      return { kind: 'kept-waiting', code: 'Throttled', retryAfterMs: 0 };
  }
  return ended(plan, disks, off, started);
}

function ended(
  plan: Conversion,
  disks: readonly ConvertedDisk[],
  off: Deallocated,
  started: StartedAgain | null,
): ConversionOutcome {
  const vmProblem =
    started?.kind === 'left-off' ? started.code : off.kind === 'problem' ? off.code : null;
  return describeConversion({
    disks,
    skipped: plan.skipped,
    verdicts: plan.verdicts,
    deallocated: off.kind === 'deallocated',
    vmProblem,
    vmLeftOff: started?.kind === 'left-off',
  });
}

/** How often a VM that others work on is looked at again: ten minutes in all. */
const BUSY_ROUNDS = 20;

/**
 * Judges the VM, and waits until it has settled and nobody else works on it.
 *
 * The plan that comes out was read a moment ago, with the policy as it is now.
 */
function* settledPlan(context: OrchestrationContext, vmId: string): Step<Settled> {
  for (let round = 1; ; round++) {
    const answer = yield* untilAnswered(context, () => planVm.call(context, { vmId }));
    if (answer.status !== 'ok') {
      const { code, message } = answer;
      const verdict = { answer: 'unreadable', code, message, target: vmId } as const;
      return { kind: 'blocked', verdicts: [verdict], skipped: [] };
    }
    const plan = answer.value;
    if (plan.kind !== 'wait' || round === BUSY_ROUNDS) return plan;

    show(context, { target: vmId, step: 'waiting', disks: 0, deallocate: false });
    if (yield* stoppedWithin(context, plan.waitMs)) return { kind: 'stopped' };
  }
}

function about(vmId: string, { changes, deallocate }: Conversion) {
  return { target: vmId, disks: changes.length, deallocate };
}

/** What two rounds on one VM come to together. */
function joined(first: ConversionOutcome | null, second: ConversionOutcome): ConversionOutcome {
  if (first === null || !('disks' in first)) return second;
  if (!('disks' in second)) return first;
  return describeConversion({
    ...second,
    disks: [...first.disks, ...second.disks],
    deallocated: first.deallocated || second.deallocated,
  });
}
