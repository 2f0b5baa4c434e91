import type { Subscription } from '../../domain/azure/subscription.ts';
import type { ArmRequest } from '../arm/arm-request.ts';
import { ask } from '../arm/errors.ts';
import { remember } from '../arm/remember.ts';
import type { Answer, Azure } from '../azure.ts';

/** Source: REST reference, Resource Manager, "Subscriptions - Get". */
const VERSION = '2022-12-01';

/** Whether a subscription is enabled, and whose it is. */
export function subscriptionCalls(request: ArmRequest): Pick<Azure, 'readSubscription'> {
  return {
    readSubscription: remember(async (subscriptionId): Promise<Answer<Subscription>> => {
      const path = `/subscriptions/${subscriptionId}`;
      const answer = await ask('read subscription', () => request('GET', path, VERSION));
      if (answer.status !== 'ok') return answer;
      const shown = answer.value as { state?: string; tenantId?: string } | null;
      if (shown === null) return NOT_FOUND;
      return {
        status: 'ok',
        value: { state: shown.state ?? 'Unknown', tenantId: shown.tenantId ?? null },
      };
    }),
  };
}

const NOT_FOUND = {
  status: 'refused',
  code: 'SubscriptionNotFound',
  message: 'Azure does not find the subscription.',
} as const;
