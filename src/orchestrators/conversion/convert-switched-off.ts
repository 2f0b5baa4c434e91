import type { OrchestrationContext } from 'durable-functions';
import { markVm } from '../../activities/conversion/mark-vm.ts';
import {
  type PlannedVm,
  planVm,
  setIdsOf,
  type VmConversion,
} from '../../activities/conversion/plan-vm.ts';
import {
  type ConversionOutcome,
  type ConvertedDisk,
  describeConversion,
} from '../../domain/conversion/conversion-outcome.ts';
import { describeDisks } from '../../domain/conversion/describe-record.ts';
import { type Step, stoppedWithin } from '../../durable/steps.ts';
import { untilAnswered } from '../steps/until-answered.ts';
import { releasedLease, takenLease } from '../turn/taken-lease.ts';
import { unwritable } from '../turn/unwritable.ts';
import { beginningOf, Chronicle } from './chronicle.ts';
import { type Deallocated, type Doubt, deallocated, type Wanted } from './deallocated.ts';
import { encrypted } from './encrypted.ts';
import { type GivenBack, givenBack } from './given-back.ts';
import { recorded, recordedBeginning } from './recorded.ts';
import { showConversion } from './show.ts';
import { stoppedSets } from './stopped-sets.ts';
import type { SwitchOffRequest } from './switch-off-request.ts';

/** Azure kept the VM waiting so long that it has to be judged anew; it runs. */
export interface KeptWaiting {
  readonly kind: 'kept-waiting';
  readonly code: string;
  readonly retryAfterMs: number;
}

/**
 * The VM runs: it gets a place under the caps, is marked, switched off, converted, started and
 * unmarked.
 *
 * Whatever happens between, it is started: `finally` is the undo, and the mark with the sweep is
 * behind it for what skips `finally`. Where Azure has it wait before it is off, the verdict grows
 * old, and the VM is not switched off on an old verdict.
 */
export function* convertSwitchedOff(
  context: OrchestrationContext,
  request: SwitchOffRequest,
  plan: VmConversion,
): Step<ConversionOutcome | KeptWaiting> {
  if (yield* stoppedWithin(context, 0)) return { kind: 'stopped' };

  const lease = yield* takenLease(context, request, plan);
  if (lease.kind !== 'taken') return lease;
  const { vmId, requestedBy } = request;
  const chronicle = new Chronicle(context, beginningOf(vmId, plan, requestedBy));
  const obstacle = yield* obstacleTo(context, vmId, plan, chronicle);
  return obstacle ?? (yield* convertMarked(context, request, { plan, chronicle }));
}

/** Gives the place back when the VM cannot even be marked. */
function* obstacleTo(
  context: OrchestrationContext,
  vmId: string,
  plan: VmConversion,
  chronicle: Chronicle,
): Step<ConversionOutcome | KeptWaiting | null> {
  let isMarked = false;
  try {
    const obstacle = yield* marked(context, vmId, plan, chronicle);
    isMarked = obstacle === null;
    return obstacle;
  } finally {
    if (!isMarked) yield* releasedLease(context);
  }
}

/** Marks the VM and writes that its conversion begins; or says what stands in the way. */
function* marked(
  context: OrchestrationContext,
  vmId: string,
  plan: VmConversion,
  chronicle: Chronicle,
): Step<ConversionOutcome | KeptWaiting | null> {
  const mark = yield* markVm.call(context, { vmId, instanceId: context.df.instanceId });
  if (mark.status === 'throttled') return { ...mark, kind: 'kept-waiting' };
  if (mark.status !== 'ok') return ended(plan, [], { kind: 'problem', code: mark.code }, null);
  chronicle.note('mark', vmId);
  if (yield* recordedBeginning(context, chronicle)) return null;
  yield* givenBack(context, vmId, 'no', chronicle);
  return unwritable(plan);
}

function* convertMarked(
  context: OrchestrationContext,
  { vmId, usedBy }: SwitchOffRequest,
  begun: { readonly plan: VmConversion; readonly chronicle: Chronicle },
): Step<ConversionOutcome | KeptWaiting> {
  const { chronicle } = begun;
  let { plan } = begun;
  let off: Deallocated = { kind: 'problem', code: 'Unknown' };
  let disks: readonly ConvertedDisk[] = [];
  let result: ConversionOutcome | KeptWaiting;
  let isWhole = false;
  try {
    showConversion(context, vmId, plan, 'deallocating');
    const { judgedAtMs } = plan.schedule;
    const about = { vmId, judgedAtMs, setIds: setIdsOf(plan), chronicle };
    off = yield* deallocated(context, about, function* (doubt) {
      const again = yield* untilAnswered(context, () => planVm.call(context, { vmId, usedBy }));
      if (again.status !== 'ok') return { kind: 'no' };
      if (isToDo(again.value)) plan = again.value;
      return isWanted(again.value, doubt);
    });
    if (off.kind === 'deallocated') {
      showConversion(context, vmId, plan, 'encrypting');
      disks = yield* encrypted(context, plan.changes, 'switched-off', chronicle);
    }
    isWhole = true;
  } finally {
    showConversion(context, vmId, plan, 'starting');
    const back = yield* givenBack(context, vmId, switchedOff(off), chronicle);
    yield* stoppedSets(context, plan.changes, disks);
    // A VM that is still off keeps its place: the sweep gives it back with the VM.
    if (back.vm.kind !== 'left-off') yield* releasedLease(context);
    showConversion(context, vmId, plan, 'ended');
    result = resultOf(plan, disks, off, back);
    const outcome = isWhole ? result.kind : 'failed';
    const ending = { ...endingOf(plan, disks, back, chronicle), outcome };
    yield* recorded(context, chronicle.ended(ending));
  }
  return result;
}

function isToDo(plan: PlannedVm): plan is VmConversion {
  return plan.kind === 'convert' && plan.mode !== 'report' && plan.schedule.turn.kind === 'now';
}

/** A VM that is off, or going off: by us if an answer was lost, else by its owner, who wants it so. */
function isWanted(plan: PlannedVm, { mayBeGoingOff }: Doubt): Wanted {
  const ifOurs: Wanted = mayBeGoingOff ? { kind: 'yes', judgedAtMs: null } : { kind: 'no' };
  if (plan.kind === 'wait') return mayBeGoingOff ? ifOurs : { kind: 'later' };
  if (plan.kind !== 'convert' || plan.mode === 'report') return { kind: 'no' };
  if (!plan.deallocate) return ifOurs;
  return isToDo(plan) ? { kind: 'yes', judgedAtMs: plan.schedule.judgedAtMs } : { kind: 'no' };
}

function resultOf(
  plan: VmConversion,
  disks: readonly ConvertedDisk[],
  off: Deallocated,
  back: GivenBack,
): ConversionOutcome | KeptWaiting {
  if (back.vm.kind !== 'left-off') {
    if (off.kind === 'gone') return { kind: 'gone' };
    if (off.kind === 'unwanted') return { kind: 'kept-waiting', code: 'Unwanted', retryAfterMs: 0 };
  }
  return ended(plan, disks, off, back);
}

function endingOf(
  { changes }: VmConversion,
  disks: readonly ConvertedDisk[],
  back: GivenBack,
  chronicle: Chronicle,
) {
  const after = POWER_AFTER[back.vm.kind];
  return {
    power: { before: 'running', after } as const,
    disks: describeDisks(changes, disks),
    downtimeMs: chronicle.msBetween('deallocate', 'running'),
  };
}

const POWER_AFTER = {
  running: 'running',
  untouched: null,
  'left-off': 'deallocated',
  gone: null,
} as const;

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
