import type { OrchestrationContext } from 'durable-functions';
import { markVm } from '../activities/mark-vm.ts';
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
import { type GivenBack, givenBack } from './given-back.ts';
import { showConversion } from './show.ts';
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
  // Before anything is waited for: what comes next may run hours after a crash.
  const judgedAtMs = context.df.currentUtcDateTime.getTime();
  if (yield* stoppedWithin(context, 0)) return { kind: 'stopped' };

  const mark = { vmId, instanceId: context.df.instanceId };
  const marked = yield* markVm.call(context, mark);
  if (marked.status === 'throttled') {
    return { ...marked, kind: 'kept-waiting' };
  }
  if (marked.status !== 'ok') return ended(plan, [], { kind: 'problem', code: marked.code }, null);

  let off: Deallocated = { kind: 'problem', code: 'Unknown' };
  let back: GivenBack;
  let disks: readonly ConvertedDisk[] = [];
  try {
    showConversion(context, vmId, plan, 'deallocating');
    off = yield* deallocated(context, { vmId, judgedAtMs }, function* ({ mayBeGoingOff }) {
      const again = yield* untilAnswered(context, () => planVm.call(context, { vmId }));
      if (again.status !== 'ok') return false;
      if (again.value.kind === 'wait') return true;
      if (again.value.kind !== 'convert' || again.value.mode === 'report') return false;
      plan = again.value;
      // Off already: by us if an answer was lost, else by its owner, who wants it so.
      return plan.deallocate || mayBeGoingOff;
    });
    if (off.kind === 'deallocated') {
      showConversion(context, vmId, plan, 'encrypting');
      disks = yield* encrypted(context, plan.changes, 'switched-off');
    }
  } finally {
    showConversion(context, vmId, plan, 'starting');
    back = yield* givenBack(context, vmId, switchedOff(off));
    showConversion(context, vmId, plan, 'ended');
  }
  if (back.vm.kind !== 'left-off') {
    if (off.kind === 'gone') return { kind: 'gone' };
    if (off.kind === 'unwanted') return { kind: 'kept-waiting', code: 'Unwanted', retryAfterMs: 0 };
  }
  return ended(plan, disks, off, back);
}

function switchedOff(off: Deallocated): 'yes' | 'maybe' | 'no' {
  if (off.kind === 'deallocated') return 'yes';
  return off.kind === 'unwanted' && !off.mayBeGoingOff ? 'no' : 'maybe';
}

/** How a conversion ended, from how its parts did. */
export function ended(
  plan: VmConversion,
  disks: readonly ConvertedDisk[],
  off: Deallocated,
  back: GivenBack | null,
): ConversionOutcome {
  const leftOff = back?.vm.kind === 'left-off' ? back.vm.code : null;
  const offProblem = off.kind === 'problem' ? off.code : null;
  return describeConversion({
    disks,
    skipped: plan.skipped,
    verdicts: [...plan.verdicts, ...plan.undecidable],
    deallocated: off.kind === 'deallocated',
    vmProblem: leftOff ?? offProblem ?? back?.markProblem ?? null,
    vmLeftOff: leftOff !== null,
  });
}
