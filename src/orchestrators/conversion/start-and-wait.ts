import type { OrchestrationContext } from 'durable-functions';
import { startVm } from '../../activities/conversion/start-vm.ts';
import { watchVm } from '../../activities/conversion/watch-vm.ts';
import type { Stopping } from '../../activities/turn/stop-at-failure.ts';
import { alertAbout } from '../../domain/alert/alert.ts';
import { classifyFailure } from '../../domain/conversion/classify-failure.ts';
import { isOffByOwner } from '../../domain/conversion/is-off-by-owner.ts';
import { isShared } from '../../domain/conversion/stop-for-failure.ts';
import { type Step, sleep } from '../../durable/steps.ts';
import { raiseAlert } from '../alert/raise-alert.ts';
import { tellStopped } from '../alert/tell-stopped.ts';
import { untilAnswered } from '../steps/until-answered.ts';
import type { Chronicle } from './chronicle.ts';
import { showProblem } from './show.ts';

/** How a start ended; `untouched`: it is not ours to start any more. */
export type StartEnd =
  | { readonly kind: 'running' | 'gone' | 'untouched' }
  | { readonly kind: 'left-off'; readonly code: string };

/** Azure's hint at a start, as recorded; used when it gives none. */
const USUAL_HINT_MS = 10_000;
/** The longest recorded start took 80 s. */
const ROUNDS_PER_ATTEMPT = 20;
const MINUTE_MS = 60_000;
/** People should know of a VM that is off for longer. */
const LONG_WAIT_MS = 5 * MINUTE_MS;
/** Capacity comes back in minutes or hours; afterwards the sweep goes on trying. */
const PAUSES_MS = [5_000, 30_000, 2 * MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS, 20 * MINUTE_MS];

/**
 * Starts a VM and waits until it runs; tries again for about forty minutes when it does not.
 *
 * @param wasOff whether it was seen to be off by us; else Azure may yet switch it off, also after
 * it took the start.
 */
export function* startAndWait(
  context: OrchestrationContext,
  vmId: string,
  chronicle: Chronicle | null,
  wasOff: boolean,
): Step<StartEnd> {
  let isTold = false;
  for (const pauseMs of [...PAUSES_MS, null]) {
    const seen = yield* startOnceAndWait(context, vmId, chronicle, wasOff);
    if (seen.kind !== 'off') return seen;
    const { code } = seen;
    showProblem(context, code);
    if (!isTold && isLasting(seen)) {
      isTold = true;
      tellOff(context, vmId, seen);
    }
    if (pauseMs === null) return { kind: 'left-off', code };
    yield* sleep(context, pauseMs);
  }
  return { kind: 'left-off', code: 'StartTimedOut' };
}

/** How one attempt ended; `stopped`: what it stopped for others. */
type Attempted =
  | { readonly kind: 'running' | 'gone' | 'untouched' }
  | ({ readonly kind: 'off'; readonly code: string } & Stopping);

type Off = Extract<Attempted, { kind: 'off' }>;

function* startOnceAndWait(
  context: OrchestrationContext,
  vmId: string,
  chronicle: Chronicle | null,
  wasOff: boolean,
): Step<Attempted> {
  const askedAtMs = context.df.currentUtcDateTime.getTime();
  const conversion = chronicle?.key;
  const asked = yield* orUnavailable(
    untilAnswered(
      context,
      () => startVm.call(context, { vmId, conversion, askedAtMs }),
      ({ code, waitMs }) => {
        if (waitMs > LONG_WAIT_MS) tellOfWait(context, vmId, code);
      },
    ),
  );
  if (asked.status === 'untouched') return { kind: 'untouched' };
  chronicle?.note('start', vmId, asked.status === 'ok' ? (asked.value ?? {}) : asked);
  const hintMs = (asked.status === 'ok' && asked.value?.retryAfterMs) || USUAL_HINT_MS;
  const isTaken = wasOff && asked.status === 'ok';
  const takenAtMs = isTaken ? context.df.currentUtcDateTime.getTime() : null;

  const seen = yield* orOff(watchStart(context, vmId, { hintMs, askedAtMs, takenAtMs }));
  if (seen.kind !== 'off') {
    chronicle?.note(seen.kind, vmId);
    return seen;
  }
  if (asked.status === 'refused') return { ...asked, kind: 'off' };
  chronicle?.note('start-failed', vmId, { code: seen.code });
  return seen;
}

/** Azure puts the start off for long, and until then the VM is off. */
function tellOfWait(context: OrchestrationContext, vmId: string, code: string): void {
  showProblem(context, code);
  const summary = 'Azure puts off the start of the VM; keyturn asks again when it may.';
  raiseAlert(context, alertAbout('vm-left-off', vmId, summary, code));
}

function tellOff(context: OrchestrationContext, vmId: string, off: Off): void {
  const summary = 'The VM does not start; its disks stay converted, and keyturn goes on trying.';
  raiseAlert(context, alertAbout('vm-left-off', vmId, summary, off.code));
  tellStopped(context, off);
}

/** No room, a dead subscription, or half an hour without an answer: people must know at once. */
function isLasting({ code, stopped }: Off): boolean {
  const means = classifyFailure({ code, message: '' });
  return code === UNAVAILABLE || stopped !== undefined || isShared(means);
}

const UNAVAILABLE = 'Unavailable';

/** An outage that outlasts all attempts is no reason to leave the VM to itself. */
function* orUnavailable<Answer>(
  asking: Step<Answer>,
): Step<Answer | ({ readonly status: 'refused'; readonly code: string } & Stopping)> {
  try {
    return yield* asking;
  } catch {
    return { status: 'refused', code: UNAVAILABLE };
  }
}

function* orOff(watching: ReturnType<typeof watchStart>): ReturnType<typeof watchStart> {
  try {
    return yield* watching;
  } catch {
    return { kind: 'off', code: UNAVAILABLE };
  }
}

interface StartSent {
  readonly hintMs: number;
  readonly askedAtMs: number;
  /** After it who is off is so by its owner; null: nobody can tell. */
  readonly takenAtMs: number | null;
}

/** Looks near the recorded 25th percentile of 10.4 s first, then four times per hint. */
function* watchStart(
  context: OrchestrationContext,
  vmId: string,
  { hintMs, askedAtMs, takenAtMs }: StartSent,
): Step<Attempted> {
  yield* sleep(context, hintMs * 1.05);
  for (let round = 1; round <= ROUNDS_PER_ATTEMPT; round++) {
    const everyMs = round === 1 ? hintMs / 4 : hintMs;
    const look = { vmId, until: 'running' as const, forMs: 30_000, everyMs, askedAtMs };
    const seen = yield* untilAnswered(context, () => watchVm.call(context, look));
    if (seen.status !== 'ok') return { kind: 'off', code: seen.code };
    if (seen.value === null) return { kind: 'gone' };
    const { powerState, failure, changedAtMs = null, ...stopping } = seen.value;
    if (powerState === 'running') return { kind: 'running' };
    if (isOffByOwner({ powerState, changedAtMs }, takenAtMs)) return { kind: 'untouched' };
    if (powerState === 'deallocated' || powerState === 'stopped') {
      return { kind: 'off', code: failure?.code ?? 'StartFailed', ...stopping };
    }
    yield* sleep(context, hintMs);
  }
  return { kind: 'off', code: 'StartTimedOut' };
}
