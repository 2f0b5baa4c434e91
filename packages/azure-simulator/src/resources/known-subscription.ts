import { subscriptionScope } from '../arm/resource-id.ts';
import type { Call } from '../arm/route.ts';
import type { Inventory } from './inventory.ts';

/**
 * Refuses a subscription that does not exist, before it is asked who may do what in it.
 *
 * @throws ArmError 404
 */
export function refuseUnknownSubscription({ url }: Call, inventory: Inventory): void {
  const [, , subscription] = subscriptionScope(url.pathname).split('/');
  if (subscription !== undefined) inventory.requireSubscription(subscription);
}
