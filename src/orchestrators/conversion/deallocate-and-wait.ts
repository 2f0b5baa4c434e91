import type { OrchestrationContext } from 'durable-functions';
import { deallocateVm } from '../../activities/conversion/deallocate-vm.ts';
import { watchVm } from '../../activities/conversion/watch-vm.ts';
import { hasGoneOff } from '../../domain/azure/vm.ts';
import { type GoneOff, judgeGoingOff } from '../../domain/conversion/judge-going-off.ts';
import { type Step, sleep, waitForStop } from '../../durable/steps.ts';
import { tellStopped } from '../alert/tell-stopped.ts';
import { type Patience, patience } from '../steps/patience.ts';
import { untilAnswered } from '../steps/until-answered.ts';
import type { CallTrace, Chronicle } from './chronicle.ts';
import { showStep } from './show.ts';

/** How a deallocation ended. */
export type DeallocationEnd =
  | GoneOff
  | { readonly kind: 'gone' }
  /** It was called off while Azure kept it waiting. */
  | ({ readonly kind: 'unwanted' } & Doubt)
  /** A person asked to stop before it was sent. */
  | ({ readonly kind: 'stopped' } & Doubt);

export interface Doubt {
  /** An answer was lost: Azure may have taken the request, and the VM may go off. */
  readonly mayBeGoingOff: boolean;
}

/** Whether the VM is still to be switched off; `later`: somebody works on it, so not now. */
export type Wanted = Go | { readonly kind: 'no' } | { readonly kind: 'later' };

interface Go {
  readonly kind: 'yes';
  /** Null: it is not known to run, so there is nothing to judge anew. */
  readonly judgedAtMs: number | null;
}

/** Judges the VM anew. */
export type Judge = (doubt: Doubt) => Step<Wanted>;

export interface DeallocationRequest {
  readonly vmId: string;
  /** When the verdict was read on which the VM is switched off; ms since 1970. */
  readonly judgedAtMs: number;
  /** ARM IDs of the disk encryption sets that its disks go onto. */
  readonly setIds: readonly string[];
  readonly requestId: string | null;
  /** When the instance began, in ms since 1970. */
  readonly startedAtMs: number;
  readonly chronicle: Chronicle;
}

/** A verdict that is older than this is read again before the next attempt. */
const JUDGE_ANEW_AFTER_MS = 30_000;

const UNCLEAR_PAUSE_MS = 5_000;

/** Azure's hint at a deallocation, as recorded; used when it gives none. */
const USUAL_HINT_MS = 10_000;

/**
 * Switches a VM off and waits until it shows `deallocated`.
 *
 * Azure's hint of 10 s is a bad one: 15 s is the recorded 25th percentile and 18 s the median, so
 * the first look comes after one and a half hints, then four looks per hint for half a minute, then
 * slower. That stays within half of the 36 reads that a VM has in three minutes.
 *
 * @param isWanted reads policy and verdicts again, for when Azure keeps the request waiting.
 */
export function* deallocateAndWait(
  context: OrchestrationContext,
  about: DeallocationRequest,
  isWanted: Judge,
): Step<DeallocationEnd> {
  const asked = yield* askToDeallocate(context, about, isWanted);
  if (asked.kind !== 'asked') return asked;
  yield* sleep(context, asked.hintMs * 1.5);
  const off = yield* watchDeallocation(context, about.vmId, asked.hintMs);
  about.chronicle.note(off.kind, about.vmId, off.kind === 'problem' ? off : {});
  if (off.kind === 'started-by-another') about.chronicle.note('running', about.vmId);
  return off;
}

type Asked = DeallocationEnd | { readonly kind: 'asked'; readonly hintMs: number };

function* askToDeallocate(
  context: OrchestrationContext,
  first: DeallocationRequest,
  isWanted: Judge,
): Step<Asked> {
  const next = patience(context);
  const { instanceId } = context.df;
  const { chronicle, ...about } = first;
  const { vmId } = about;
  const conversionId = chronicle.key.id;
  let { judgedAtMs } = first;
  let mayBeGoingOff = false;
  for (;;) {
    const asked = yield* answerTo(
      deallocateVm.call(context, { ...about, instanceId, conversionId, judgedAtMs }),
    );
    chronicle.note('deallocate', vmId, traceOf(asked));
    tellStopped(context, asked);
    mayBeGoingOff ||= !('isUntouched' in asked);
    const answer = answered(asked, mayBeGoingOff);
    if (answer !== null) return answer;

    const waitMs = next(asked.status === 'throttled' ? asked.retryAfterMs : UNCLEAR_PAUSE_MS);
    if (waitMs === null) return { kind: 'problem', code: 'Throttled' };
    if (yield* waitForStop(context, waitMs)) return { kind: 'unwanted', mayBeGoingOff };

    if (yield* stillHolds(context, vmId, judgedAtMs, mayBeGoingOff)) continue;
    const wanted = yield* judgeAnew(context, isWanted, { mayBeGoingOff }, next);
    if (wanted.kind === 'no') return { kind: 'unwanted', mayBeGoingOff };
    judgedAtMs = wanted.judgedAtMs ?? judgedAtMs;
  }
}

/** What it throws on after all attempts, such as a broken policy, means that it is not wanted now. */
function* answerTo(asking: Step<Asking>): Step<Asking> {
  try {
    return yield* asking;
  } catch {
    return { status: 'unwanted' };
  }
}

/** While Azure kept it waiting its owner may have switched it off, which is not ours to undo. */
function* stillHolds(
  context: OrchestrationContext,
  vmId: string,
  judgedAtMs: number,
  mayBeGoingOff: boolean,
): Step<boolean> {
  const nowMs = context.df.currentUtcDateTime.getTime();
  if (nowMs - judgedAtMs > JUDGE_ANEW_AFTER_MS) return false;
  if (mayBeGoingOff) return true;
  try {
    return yield* stillRuns(context, vmId);
  } catch {
    // It cannot be seen: it is judged anew, or left alone.
    return false;
  }
}

function* stillRuns(context: OrchestrationContext, vmId: string): Step<boolean> {
  const look = { vmId, until: 'running' as const, forMs: 0, everyMs: UNCLEAR_PAUSE_MS };
  const seen = yield* watchVm.call(context, look);
  return seen.status === 'ok' && seen.value?.powerState === 'running';
}

function* judgeAnew(
  context: OrchestrationContext,
  isWanted: Judge,
  doubt: Doubt,
  next: Patience,
): Step<Go | { readonly kind: 'no' }> {
  for (;;) {
    const wanted = yield* orNo(isWanted(doubt));
    if (wanted.kind !== 'later') return wanted;
    const waitMs = next(UNCLEAR_PAUSE_MS);
    if (waitMs === null || (yield* waitForStop(context, waitMs))) return { kind: 'no' };
  }
}

/** A VM that cannot be judged is not switched off. */
function* orNo(judging: Step<Wanted>): Step<Wanted> {
  try {
    return yield* judging;
  } catch {
    return { kind: 'no' };
  }
}

type Asking = Awaited<ReturnType<ReturnType<typeof deallocateVm.handler>>>;

function traceOf(asked: Asking): Partial<CallTrace & { code: string | null; message: string }> {
  if (asked.status === 'ok') return asked.value ?? {};
  if (asked.status === 'refused') return { code: asked.code, message: asked.message };
  return { code: 'code' in asked ? asked.code : TRACED[asked.status] };
}

const TRACED = { unwanted: 'Unwanted', stopped: 'Stopped' } as const;

/** Null: ask again. */
function answered(asked: Asking, mayBeGoingOff: boolean): Asked | null {
  switch (asked.status) {
    case 'refused':
      return { kind: 'problem', code: asked.code, message: asked.message };
    case 'unwanted':
    case 'stopped':
      return { kind: asked.status, mayBeGoingOff };
    case 'ok':
      return asked.value === null
        ? { kind: 'gone' }
        : { kind: 'asked', hintMs: asked.value.retryAfterMs ?? USUAL_HINT_MS };
    default:
      return null;
  }
}

function* watchDeallocation(
  context: OrchestrationContext,
  vmId: string,
  hintMs: number,
): Step<DeallocationEnd> {
  const startedMs = context.df.currentUtcDateTime.getTime();
  let wentOff = false;
  for (let everyMs = hintMs / 4; ; everyMs = hintMs) {
    const look = { vmId, until: 'deallocated' as const, forMs: 30_000, everyMs };
    const seen = yield* untilAnswered(context, () => watchVm.call(context, look));
    if (seen.status !== 'ok') return { kind: 'problem', code: seen.code, message: seen.message };
    if (seen.value === null) return { kind: 'gone' };
    const { powerState } = seen.value;
    wentOff ||= seen.value.wentOff === true || hasGoneOff(powerState);
    const sinceMs = context.df.currentUtcDateTime.getTime() - startedMs;
    const end = judgeGoingOff({ ...seen.value, wentOff, sinceMs });
    if (end !== null) return end;
    if (powerState === 'starting') showStep(context, 'starting');
    yield* sleep(context, hintMs);
  }
}
