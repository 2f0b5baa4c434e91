import { sameId } from '../azure/arm-id.ts';
import type { DiskEncryptionSet } from '../azure/disk-encryption-set.ts';
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

/**
 * Judges whether a disk's subscription was moved to another directory: the identity with which the set
 * goes to its key does not come along.
 *
 * Source: "Server-side encryption of Azure Disk Storage", restrictions; "Transfer an Azure subscription
 * to a different directory". What Azure does not say is no reason: the vault is judged by itself.
 */
export function judgeDirectory(
  { id, tenantId }: DiskEncryptionSet,
  subscription: Reading<Subscription>,
): readonly Verdict[] {
  const own = subscription.status === 'read' ? subscription.value.tenantId : null;
  if (own === null || tenantId === null || sameId(own, tenantId)) return [];
  const message = `The identity of the set is of the directory ${tenantId}, and the subscription now belongs to ${own}.`;
  return [verdict('blocked', 'subscription-moved', message, id)];
}
