import type { OrchestrationContext } from 'durable-functions';
import { markVm } from '../../activities/conversion/mark-vm.ts';
import {
  type PlannedVm,
  planVm,
  type ScheduledVmConversion,
  setIdsOf,
} from '../../activities/conversion/plan-vm.ts';
import {
  type ConversionOutcome,
  type ConvertedDisk,
  describeConversion,
  describeStartedByAnother,
  describeUnwritable,
} from '../../domain/conversion/conversion-outcome.ts';
import { describeDisks } from '../../domain/conversion/describe-record.ts';
import { type Step, waitForStop } from '../../durable/steps.ts';
import { tellStopped } from '../alert/tell-stopped.ts';
import { untilAnswered } from '../steps/until-answered.ts';
import { obtainLease, returnLease } from '../turn/obtain-lease.ts';
import { beginningOf, Chronicle } from './chronicle.ts';
import {
  type DeallocationEnd,
  type Doubt,
  deallocateAndWait,
  type Wanted,
} from './deallocate-and-wait.ts';
import { encryptAndWait } from './encrypt-and-wait.ts';
import { endUntouched } from './end-untouched.ts';
import { giveVmBack, type SwitchedOff, type VmGivenBack } from './give-vm-back.ts';
import { recordBeginning } from './record-beginning.ts';
import { recordEnd } from './record-end.ts';
import { showConversion } from './show.ts';
import { stopSets } from './stop-sets.ts';
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
  plan: ScheduledVmConversion,
): Step<ConversionOutcome | KeptWaiting> {
  if (yield* waitForStop(context, 0)) return { kind: 'stopped' };

  const { vmId, requestedBy } = request;
  const chronicle = new Chronicle(context, beginningOf(vmId, plan, requestedBy));
  const lease = yield* obtainLease(context, request, plan, chronicle.key.id);
  if (lease.kind !== 'taken') return lease;
  const obstacle = yield* markOrReturnLease(context, vmId, plan, chronicle);
  return obstacle ?? (yield* convertMarked(context, request, { plan, chronicle }));
}

/** Gives the place back when the VM cannot even be marked. */
function* markOrReturnLease(
  context: OrchestrationContext,
  vmId: string,
  plan: ScheduledVmConversion,
  chronicle: Chronicle,
): Step<ConversionOutcome | KeptWaiting | null> {
  let isMarked = false;
  try {
    const obstacle = yield* markAndRecord(context, vmId, plan, chronicle);
    isMarked = obstacle === null;
    return obstacle;
  } finally {
    if (!isMarked) yield* returnLease(context, chronicle.key.id);
  }
}

/** Marks the VM and writes that its conversion begins; or says what stands in the way. */
function* markAndRecord(
  context: OrchestrationContext,
  vmId: string,
  plan: ScheduledVmConversion,
  chronicle: Chronicle,
): Step<ConversionOutcome | KeptWaiting | null> {
  const { instanceId } = context.df;
  const about = { vmId, instanceId, conversionId: chronicle.key.id };
  const mark = yield* orLater(markVm.call(context, about));
  if (mark.status === 'throttled') return { ...mark, kind: 'kept-waiting' };
  tellStopped(context, mark);
  if (mark.status !== 'ok') return yield* endUntouched(context, vmId, plan, chronicle, mark);
  chronicle.note('mark', vmId);
  if (yield* recordBeginning(context, chronicle)) return null;
  yield* giveVmBack(context, vmId, 'no', chronicle);
  return describeUnwritable(plan.changes);
}

/** No answer after all attempts: it may be marked, which the next attempt does again. */
function* orLater<Answer>(marking: Step<Answer>): Step<Answer | typeof UNAVAILABLE> {
  try {
    return yield* marking;
  } catch {
    return UNAVAILABLE;
  }
}

const UNAVAILABLE = { status: 'throttled', code: 'Unavailable', retryAfterMs: 30_000 } as const;

function* convertMarked(
  context: OrchestrationContext,
  { vmId, usedBy, startedAtMs, requestedBy: { requestId } }: SwitchOffRequest,
  begun: { readonly plan: ScheduledVmConversion; readonly chronicle: Chronicle },
): Step<ConversionOutcome | KeptWaiting> {
  const { chronicle } = begun;
  let { plan } = begun;
  let off: DeallocationEnd = { kind: 'problem', code: 'Unknown' };
  let disks: readonly ConvertedDisk[] = [];
  let result: ConversionOutcome | KeptWaiting;
  let isWhole = false;
  try {
    showConversion(context, vmId, plan, 'deallocating');
    const { judgedAtMs } = plan.schedule;
    const setIds = setIdsOf(plan);
    const order = { vmId, judgedAtMs, setIds, requestId, startedAtMs, chronicle };
    off = yield* deallocateAndWait(context, order, function* (doubt) {
      const asked = { vmId, usedBy, conversionId: chronicle.key.id };
      const again = yield* untilAnswered(context, () => planVm.call(context, asked));
      if (again.status !== 'ok') return { kind: 'no' };
      if (isToDo(again.value)) plan = again.value;
      return isWanted(again.value, doubt);
    });
    if (off.kind === 'deallocated') {
      showConversion(context, vmId, plan, 'encrypting');
      disks = yield* encryptAndWait(context, plan.changes, 'switched-off', chronicle);
    }
    isWhole = true;
  } finally {
    showConversion(context, vmId, plan, 'starting');
    const back = yield* giveVmBack(context, vmId, switchedOff(off), chronicle);
    yield* stopSets(context, plan.changes, disks);
    // A VM that is still off keeps its place: the sweep gives it back with the VM.
    if (back.vm.kind !== 'left-off') yield* returnLease(context, chronicle.key.id);
    showConversion(context, vmId, plan, 'ended');
    result = resultOf(plan, disks, off, back);
    const outcome = isWhole ? result.kind : 'failed';
    const ending = { ...endingOf(plan, disks, back, chronicle), outcome };
    yield* recordEnd(context, chronicle.ended(ending));
  }
  return result;
}

function isToDo(plan: PlannedVm): plan is ScheduledVmConversion {
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
  plan: ScheduledVmConversion,
  disks: readonly ConvertedDisk[],
  off: DeallocationEnd,
  back: VmGivenBack,
): ConversionOutcome | KeptWaiting {
  if (back.vm.kind !== 'left-off') {
    if (off.kind === 'gone' || off.kind === 'stopped') return { kind: off.kind };
    if (off.kind === 'unwanted') return { kind: 'kept-waiting', code: 'Unwanted', retryAfterMs: 0 };
    const isTheirs = off.kind === 'started-by-another' || disks.length > 0;
    const startedByAnother = isTheirs ? describeStartedByAnother(plan.changes, disks) : null;
    if (startedByAnother !== null) return startedByAnother;
  }
  return describeEnd(plan, disks, off, back);
}

function endingOf(
  { changes }: ScheduledVmConversion,
  disks: readonly ConvertedDisk[],
  back: VmGivenBack,
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

function switchedOff(off: DeallocationEnd): SwitchedOff {
  if (off.kind === 'deallocated') return 'yes';
  if (off.kind === 'started-by-another') return 'runs';
  const isCalledOff = off.kind === 'unwanted' || off.kind === 'stopped';
  return isCalledOff && !off.mayBeGoingOff ? 'no' : 'maybe';
}

/** How a conversion ended, from how its parts did. */
function describeEnd(
  plan: ScheduledVmConversion,
  disks: readonly ConvertedDisk[],
  off: DeallocationEnd,
  back: VmGivenBack | null,
): ConversionOutcome {
  const leftOff = back?.vm.kind === 'left-off' ? back.vm.code : null;
  const problem = off.kind === 'problem' && leftOff === null ? off : null;
  const said = problem?.message === undefined ? {} : { vmProblemMessage: problem.message };
  return describeConversion({
    disks,
    skipped: plan.skipped,
    verdicts: [...plan.verdicts, ...plan.undecidable],
    deallocated: off.kind === 'deallocated',
    vmProblem: leftOff ?? problem?.code ?? back?.markProblem ?? null,
    ...said,
    vmLeftOff: leftOff !== null,
  });
}
