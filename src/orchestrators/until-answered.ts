import type { OrchestrationContext } from 'durable-functions';
import { type Step, sleep } from '../durable/steps.ts';

interface Throttled {
  readonly status: 'throttled';
  readonly code: string;
  readonly retryAfterMs: number;
}

/** How often one question waits its turn: with Azure's usual times, about an hour. */
const ROUNDS = 60;

/**
 * Asks again, on durable timers, as long as Azure throttles or is busy with the resource.
 *
 * After an hour of that it is a refusal.
 */
export function* untilAnswered<Answer extends { readonly status: string }>(
  context: OrchestrationContext,
  ask: () => Step<Answer>,
): Step<Exclude<Answer, Throttled> | { status: 'refused'; code: string; message: string }> {
  for (let round = 1; ; round++) {
    const answer = yield* ask();
    if (!isThrottled(answer)) return answer as Exclude<Answer, Throttled>;
    if (round === ROUNDS) {
      const message = 'Azure throttled the request, or was busy with the resource, all the time.';
      return { status: 'refused', code: answer.code, message };
    }
    yield* sleep(context, answer.retryAfterMs);
  }
}

function isThrottled(answer: { readonly status: string }): answer is Throttled {
  return answer.status === 'throttled';
}
