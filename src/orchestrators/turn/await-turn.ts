import { instanceRequest } from '../../activities/conversion/instance-request.ts';
import type { Requester } from '../../domain/people/requester.ts';
import { defineOrchestrator, type Step, sleep } from '../../durable/steps.ts';
import { startAtOnce } from '../steps/start-at-once.ts';

export interface AwaitTurnInput {
  readonly vmId: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly requestedBy: Requester;
}

/** Durable timers of some backends last a week at most. */
const LONGEST_SLEEP_MS = 3 * 86_400_000;

/**
 * Waits for a VM's maintenance window, and starts its conversion then.
 *
 * It holds no verdict: the conversion reads policy, tags and state anew. Ending it early is safe.
 */
export const awaitTurn = defineOrchestrator(
  'awaitTurn',
  function* (context, { vmId, atMs, requestedBy }: AwaitTurnInput): Step<object> {
    for (;;) {
      const leftMs = atMs - context.df.currentUtcDateTime.getTime();
      if (leftMs <= 0) break;
      yield* sleep(context, leftMs < LONGEST_SLEEP_MS ? leftMs : LONGEST_SLEEP_MS);
    }
    const requests = [instanceRequest({ kind: 'vm', id: vmId }, requestedBy)];
    const starts = yield* startAtOnce(context, requests);
    return { kind: 'handed-over', starts };
  },
);
