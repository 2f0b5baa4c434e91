import type { OrchestrationContext } from 'durable-functions';
import { type Step, sleep } from '../../durable/steps.ts';
import { patience } from './patience.ts';

interface Throttled {
  readonly status: 'throttled';
  readonly code: string;
  readonly retryAfterMs: number;
}

/**
 * Asks again, on durable timers, as long as Azure throttles or is busy with the resource.
 *
 * After two hours of that it is a refusal.
 *
 * @param onWait told of each wait before it begins.
 */
export function* untilAnswered<Answer extends { readonly status: string }>(
  context: OrchestrationContext,
  ask: () => Step<Answer>,
  onWait: (wait: { readonly code: string; readonly waitMs: number }) => void = () => undefined,
): Step<Exclude<Answer, Throttled> | { status: 'refused'; code: string; message: string }> {
  const next = patience(context);
  for (;;) {
    const answer = yield* ask();
    if (!isThrottled(answer)) return answer as Exclude<Answer, Throttled>;
    const waitMs = next(answer.retryAfterMs);
    if (waitMs === null) {
      const message = 'Azure throttled the request, or was busy with the resource, all the time.';
      return { status: 'refused', code: answer.code, message };
    }
    onWait({ code: answer.code, waitMs });
    yield* sleep(context, waitMs);
  }
}

function isThrottled(answer: { readonly status: string }): answer is Throttled {
  return answer.status === 'throttled';
}
