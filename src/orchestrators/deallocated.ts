import type { OrchestrationContext } from 'durable-functions';
import { deallocateVm } from '../activities/switch-vm.ts';
import { watchVm } from '../activities/watch-vm.ts';
import { type Step, sleep, stoppedWithin } from '../durable/steps.ts';
import { patience } from './patience.ts';
import { untilAnswered } from './until-answered.ts';

/** How a deallocation ended. `unwanted`: it was called off while Azure kept it waiting. */
export type Deallocated =
  | { readonly kind: 'deallocated' | 'gone' | 'unwanted' }
  | { readonly kind: 'problem'; readonly code: string };

/** A verdict that is older than this is read again before the next attempt. */
const FRESH_MS = 30_000;

/** Azure's hint at a deallocation, as recorded; used when it gives none. */
const USUAL_HINT_MS = 10_000;
/** The longest recorded of the last years took five minutes, the longest ever 23. */
const DEADLINE_MS = 30 * 60_000;

/**
 * Switches a VM off and waits until it shows `deallocated`.
 *
 * Azure's hint of 10 s is a bad one: 15 s is the recorded 25th percentile and 18 s the median, so
 * the first look comes after one and a half hints, then four looks per hint for half a minute, then
 * slower. That stays within half of the 36 reads that a VM has in three minutes.
 *
 * @param isWanted reads policy and verdicts again, for when Azure keeps the request waiting.
 */
export function* deallocated(
  context: OrchestrationContext,
  vmId: string,
  isWanted: () => Step<boolean>,
): Step<Deallocated> {
  let asked = yield* deallocateVm.call(context, { vmId });
  const next = patience(context);
  while (asked.status === 'throttled') {
    const waitMs = next(asked.retryAfterMs);
    if (waitMs === null) break;
    if (yield* stoppedWithin(context, waitMs)) return { kind: 'unwanted' };
    if (waitMs > FRESH_MS && !(yield* isWanted())) return { kind: 'unwanted' };
    asked = yield* deallocateVm.call(context, { vmId });
  }
  if (asked.status !== 'ok') return { kind: 'problem', code: asked.code };
  if (asked.value === null) return { kind: 'gone' };

  const hintMs = asked.value.retryAfterMs ?? USUAL_HINT_MS;
  yield* sleep(context, hintMs * 1.5);
  return yield* watchDeallocation(context, vmId, hintMs);
}

function* watchDeallocation(
  context: OrchestrationContext,
  vmId: string,
  hintMs: number,
): Step<Deallocated> {
  const deadlineMs = context.df.currentUtcDateTime.getTime() + DEADLINE_MS;
  for (let everyMs = hintMs / 4; ; everyMs = hintMs) {
    const look = { vmId, until: 'deallocated' as const, forMs: 30_000, everyMs };
    const seen = yield* untilAnswered(context, () => watchVm.call(context, look));
    if (seen.status !== 'ok') return { kind: 'problem', code: seen.code };
    if (seen.value === null) return { kind: 'gone' };
    const { powerState, failure } = seen.value;
    if (powerState === 'deallocated') return { kind: 'deallocated' };
    // Half a minute after Azure took the request the VM shows none of it: it failed.
    if (powerState === 'running') {
      return { kind: 'problem', code: failure?.code ?? 'DeallocationFailed' };
    }
    if (context.df.currentUtcDateTime.getTime() > deadlineMs) {
      return { kind: 'problem', code: 'DeallocationTimedOut' };
    }
    yield* sleep(context, hintMs);
  }
}
