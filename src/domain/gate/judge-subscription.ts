import type { Reading } from '../azure/reading.ts';
import type { Subscription } from '../azure/subscription.ts';
import { type Verdict, verdict } from './verdict.ts';

/**
 * Judges whether a subscription lets anything be changed in it, and started again.
 *
 * Source: "Azure subscription states": in most others than `Enabled` no PUT, PATCH or POST is
 * possible. One that is past due may be closed at any time, so nothing is switched off in it either.
 *
 * @param resourceId ARM ID of the disk that it holds.
 */
export function judgeSubscription(
  resourceId: string,
  subscription: Reading<Subscription>,
): readonly Verdict[] {
  if (subscription.status === 'unreadable') {
    const message = `The state of the subscription could not be read: ${subscription.message}`;
    return [verdict('unreadable', 'subscription-unreadable', message, resourceId)];
  }
  const { state } = subscription.value;
  if (state === 'Enabled') return [];
  const message = `The subscription is ${state}, not Enabled: Azure may refuse to change or start anything in it.`;
  return [verdict('blocked', 'subscription-not-enabled', message, resourceId)];
}
