import type { OrchestrationContext } from 'durable-functions';
import { countTargets } from '../../activities/request/count-targets.ts';
import { findTargets } from '../../activities/request/find-targets.ts';
import { lookAtTargets } from '../../activities/request/look-at-targets.ts';
import { startTargets } from '../../activities/request/start-targets.ts';
import { stopTargets } from '../../activities/request/stop-targets.ts';
import type { ArmScope } from '../../domain/azure/arm-id.ts';
import type { Requester } from '../../domain/people/requester.ts';
import { type Step, sleep, waitForStop } from '../../durable/steps.ts';
import { untilAnswered } from '../steps/until-answered.ts';
import { warn } from '../steps/warn.ts';

/** How far a request about many VMs and disks is; they are in the store, by its instance ID. */
export interface FoundSoFar {
  readonly targets: number;
  readonly mayLack: boolean;
  /** When its conversions were started, in ms since 1970. */
  readonly startedAtMs: number;
  readonly stopping: boolean;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** A request may go on for hours: its history must not grow with it. */
const CALLS_PER_GENERATION = 60;
/** As often is each tried. */
const CALLS_OF_A_FAILURE = 5;

/** Finds all that a request is about, and notes it in the store. */
export function* findAll(
  context: OrchestrationContext,
  scope: ArmScope,
): Step<
  | {
      readonly status: 'ok';
      readonly value: Pick<FoundSoFar, 'targets' | 'mayLack'> & { readonly isNoted: boolean };
    }
  | { readonly status: 'refused'; readonly code: string }
> {
  const requestId = context.df.instanceId;
  return yield* untilAnswered(context, () => findTargets.call(context, { requestId, scope }));
}

/** Starts the conversions of all that was found; some may have ended when the last is started. */
export function* startFound(
  context: OrchestrationContext,
  requestId: string,
  asking: { readonly requestedBy: Requester; readonly askedBy: 'sweep' | 'person' },
): Step<number> {
  let started = 0;
  let after: string | null = null;
  do {
    const page: { started: number; after: string | null } = yield* startTargets.call(context, {
      requestId,
      ...asking,
      after,
    });
    started += page.started;
    after = page.after;
  } while (after !== null);
  return started;
}

/**
 * Waits until all that was found has ended, and reaches it when somebody asks to stop.
 *
 * @param tell told how many have ended, after each look.
 * @returns how many ended in which way; or how far it is, to be gone on with by another generation.
 */
export function* untilFoundEnded(
  context: OrchestrationContext,
  found: FoundSoFar,
  tell: (ended: number) => void,
): Step<{ readonly counts: Readonly<Record<string, number>> } | FoundSoFar> {
  const requestId = context.df.instanceId;
  let { stopping } = found;
  let wasAsked = false;
  for (let calls = 0; calls < CALLS_PER_GENERATION; ) {
    wasAsked = (yield* waitOrStop(context, found.startedAtMs, stopping)) || wasAsked;
    try {
      const { open, isStopped, pages } = yield* lookAtAll(context, requestId);
      calls += pages;
      tell(found.targets - open);
      if (open === 0) return yield* countTargets.call(context, { requestId });
      if (stopping || !(wasAsked || isStopped)) continue;
      yield* stopAllFound(context, requestId);
      stopping = true;
    } catch {
      // What was started goes on while the store is away, and a stop must reach it.
      calls += CALLS_OF_A_FAILURE;
      warn(context, 'request.not-looked', { requestId });
    }
  }
  return { ...found, stopping };
}

/** By the clock, not by rounds: timers of a second fire up to a second early on Azure Storage. */
function* waitOrStop(
  context: OrchestrationContext,
  startedAtMs: number,
  stopping: boolean,
): Step<boolean> {
  const waitMs = lookAfterMs(context.df.currentUtcDateTime.getTime() - startedAtMs);
  if (!stopping) return yield* waitForStop(context, waitMs);
  yield* sleep(context, waitMs);
  return false;
}

/** When to look again at conversions that go on for so long. */
export function lookAfterMs(sinceMs: number): number {
  if (sinceMs < 10 * SECOND_MS) return 2 * SECOND_MS;
  return sinceMs < 2 * MINUTE_MS ? 5 * SECOND_MS : MINUTE_MS;
}

function* lookAtAll(
  context: OrchestrationContext,
  requestId: string,
): Step<{ open: number; isStopped: boolean; pages: number }> {
  let open = 0;
  let isStopped = false;
  let after: string | null = null;
  for (let pages = 1; ; pages++) {
    const page: { open: number; after: string | null; isStopped: boolean } =
      yield* lookAtTargets.call(context, { requestId, after });
    open += page.open;
    isStopped ||= page.isStopped;
    after = page.after;
    if (after === null) return { open, isStopped, pages };
  }
}

function* stopAllFound(context: OrchestrationContext, requestId: string): Step<void> {
  let after: string | null = null;
  do {
    const page: { after: string | null } = yield* stopTargets.call(context, { requestId, after });
    after = page.after;
  } while (after !== null);
}
