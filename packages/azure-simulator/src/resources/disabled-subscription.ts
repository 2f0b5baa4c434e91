import { ArmError } from '../arm/arm-error.ts';
import { subscriptionScope } from '../arm/resource-id.ts';
import type { Call } from '../arm/route.ts';
import type { Inventory, SubscriptionState } from './inventory.ts';

/** Past due is still active. */
const READ_ONLY: readonly (SubscriptionState | undefined)[] = ['Warned', 'Disabled', 'Deleted'];

/**
 * Refuses to change anything in a subscription that is read-only; what is there can be read, and
 * deleted. Its machines stay as they are, which Azure would deallocate.
 *
 * Source: "Azure subscription states": neither PUT nor PATCH nor POST; code and text are quoted in
 * public reports. That a POST which only asks is refused as well is assumed.
 *
 * @throws ArmError 409
 */
export function refuseWriteIfDisabled({ method, url }: Call, inventory: Inventory): void {
  if (method === 'GET' || method === 'HEAD' || method === 'DELETE') return;
  const [, , id] = subscriptionScope(url.pathname).split('/');
  if (id === undefined || !READ_ONLY.includes(inventory.requireSubscription(id).state)) return;
  throw new ArmError(
    409,
    'ReadOnlyDisabledSubscription',
    `The subscription '${id}' is disabled and therefore marked as read only. You cannot perform any write actions on this subscription until it is re-enabled.`,
  );
}
