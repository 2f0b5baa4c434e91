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
    let outcome: ConversionOutcome | null = null;
    show(context, { target: vmId, step: 'judging', disks: 0, deallocate: false });
    for (;;) {
      const plan = yield* settledPlan(context, vmId);
      if (plan.kind !== 'convert' || plan.mode === 'report' || !hasNew(plan, tried)) {
        return outcome ?? (plan.kind === 'stopped' ? plan : describePlan(plan));
      }
      for (const { diskId } of plan.changes) tried.add(diskId);
      const next: ConversionOutcome = plan.deallocate
        ? yield* convertSwitchedOff(context, vmId, plan)
        : yield* convertInPlace(context, vmId, plan);
      outcome = joined(outcome, next);
      if (next.kind !== 'converted') return outcome;
    }
  },
);

function hasNew({ changes }: Conversion, tried: ReadonlySet<string>): boolean {
  return changes.some(({ diskId }) => !tried.has(diskId));
}

/** The VM is off already: nothing is switched, neither off nor on. */
function* convertInPlace(
  context: OrchestrationContext,
  vmId: string,
  plan: Conversion,
): Step<ConversionOutcome> {
  show(context, { ...about(vmId, plan), step: 'encrypting' });
  const disks = yield* encrypted(context, plan.changes);
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

/**
 * The VM runs: it is marked, switched off, converted, started and unmarked.
 *
 * Whatever happens between, it is started: `finally` is the undo, and the mark with the sweep is
 * behind it for what skips `finally`.
 */
function* convertSwitchedOff(
  context: OrchestrationContext,
  vmId: string,
  plan: Conversion,
): Step<ConversionOutcome> {
  if (yield* stoppedWithin(context, 0)) return { kind: 'stopped' };

  const mark = { vmId, instanceId: context.df.instanceId };
  const marked = yield* untilAnswered(context, () => markVm.call(context, mark));
  if (marked.status !== 'ok') return ended(plan, [], { kind: 'problem', code: marked.code }, null);

  let off: Deallocated = { kind: 'problem', code: 'Unknown' };
  let started: StartedAgain = { kind: 'left-off', code: 'Unknown' };
  let disks: readonly ConvertedDisk[] = [];
  try {
    show(context, { ...about(vmId, plan), step: 'deallocating' });
    off = yield* deallocated(context, vmId);
    if (off.kind === 'deallocated') {
      show(context, { ...about(vmId, plan), step: 'encrypting' });
      disks = yield* encrypted(context, plan.changes);
    }
  } finally {
    show(context, { ...about(vmId, plan), step: 'starting' });
    started = yield* startedAgain(context, vmId);
    if (started.kind === 'running') {
      yield* untilAnswered(context, () => unmarkVm.call(context, mark));
    }
    show(context, { ...about(vmId, plan), step: 'ended' });
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
function* settledPlan(
  context: OrchestrationContext,
  vmId: string,
): Step<VmPlan | { readonly kind: 'stopped' }> {
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
