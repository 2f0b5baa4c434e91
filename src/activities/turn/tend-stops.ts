import { KEYTURN } from '../../domain/turn/stop.ts';
import { parseStopScope } from '../../domain/turn/stop-scope.ts';
import { defineActivity } from '../../durable/steps.ts';
import { isUnavailable } from '../is-unavailable.ts';
import type { Services } from '../services.ts';

/** Azure's answer may be so old, and of before the stop. */
const ANSWER_COUNTS_MS = 60_000;

/**
 * Takes keyturn's own stops of subscriptions away that Azure shows as enabled again.
 *
 * A stop of a person stays. One that Azure does not let be looked at stays, too. Safe to repeat.
 */
export const tendStops = defineActivity(
  'tendStops',
  { attempts: 5, firstDelayMs: 5_000 },
  ({ azure, store }: Services) =>
    async (): Promise<{ readonly ended: readonly string[] }> => {
      const ended: string[] = [];
      for (const { scope: text, by, atMs } of await store.stops.read()) {
        const scope = parseStopScope(text);
        if (by !== KEYTURN || scope?.kind !== 'subscription') continue;
        if (Date.now() - atMs < ANSWER_COUNTS_MS) continue;
        if (!(await isEnabled(azure, scope.subscriptionId))) continue;
        await store.stops.clear(text);
        ended.push(text);
      }
      return { ended };
    },
);

async function isEnabled(azure: Services['azure'], subscriptionId: string): Promise<boolean> {
  try {
    const answer = await azure.readSubscription(subscriptionId);
    return answer.status === 'ok' && answer.value.state === 'Enabled';
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return false;
  }
}
