import type { OrchestrationContext } from 'durable-functions';
import { markVm, unmarkVm } from '../activities/mark-vm.ts';
import { planVm } from '../activities/plan-vm.ts';
import {
  type ConversionOutcome,
  type ConvertedDisk,
  describeConversion,
} from '../domain/conversion-outcome.ts';
import type { VmConversion } from '../domain/decide-vm-conversion.ts';
import { type Step, stoppedWithin } from '../durable/steps.ts';
import { type Deallocated, deallocated } from './deallocated.ts';
import { encrypted } from './encrypted.ts';
import { showConversion } from './show.ts';
import { type StartedAgain, startedAgain } from './started-again.ts';
import { untilAnswered } from './until-answered.ts';

/** Azure kept the VM waiting so long that it has to be judged anew; it runs. */
export interface KeptWaiting {
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
export function* convertSwitchedOff(
  context: OrchestrationContext,
  vmId: string,
  first: VmConversion,
): Step<ConversionOutcome | KeptWaiting> {
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
    showConversion(context, vmId, plan, 'deallocating');
    off = yield* deallocated(context, vmId, function* () {
      const again = yield* untilAnswered(context, () => planVm.call(context, { vmId }));
      if (again.status !== 'ok') return false;
      if (again.value.kind === 'convert') plan = again.value;
      return (
        again.value.kind === 'wait' || (again.value.kind === 'convert' && plan.mode !== 'report')
      );
    });
    if (off.kind === 'deallocated') {
      showConversion(context, vmId, plan, 'encrypting');
      disks = yield* encrypted(context, plan.changes, 'switched-off');
    }
  } finally {
    showConversion(context, vmId, plan, 'starting');
    started = yield* startedAgain(context, vmId);
    if (started.kind === 'running') {
      yield* untilAnswered(context, () => unmarkVm.call(context, mark));
    }
    showConversion(context, vmId, plan, 'ended');
  }
  if (started.kind !== 'left-off') {
    if (off.kind === 'gone') return { kind: 'gone' };
    if (off.kind === 'unwanted')
      return { kind: 'kept-waiting', code: 'Throttled', retryAfterMs: 0 };
  }
  return ended(plan, disks, off, started);
}

/** How a conversion ended, from how its parts did. */
export function ended(
  plan: VmConversion,
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
