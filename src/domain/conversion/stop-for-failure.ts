import type { Machine } from '../turn/stop.ts';
import { type StopScope, seriesOf } from '../turn/stop-scope.ts';
import { type AzureFailure, classifyFailure, type FailureClass } from './classify-failure.ts';

/** Failures that say something of the subscription, or of what all VMs of a size share. */
export type SharedFailure = Extract<
  FailureClass,
  'stop-subscription' | 'no-capacity' | 'not-offered' | 'no-quota'
>;

/** Whether a failure is about more than the one VM or disk that met it; its key apart. */
export function isShared(means: FailureClass): means is SharedFailure {
  return (
    means === 'stop-subscription' ||
    means === 'no-capacity' ||
    means === 'not-offered' ||
    means === 'no-quota'
  );
}

/**
 * What a failure of Azure's stops for all, by the VM or disk that met it; null where that is its own,
 * or its set's, affair.
 *
 * Source: "Troubleshoot allocation failures": capacity is of a zone, or of a region for what is in
 * none; "Resolve errors for SKU not available": offers are to a subscription; "Check vCPU quotas":
 * those count per subscription, region and series.
 *
 * @param machine null: no VM of which a size could be short.
 */
export function stopForFailure(
  failure: AzureFailure,
  subscriptionId: string,
  machine: Machine | null,
): StopScope | null {
  const means = classifyFailure(failure);
  if (!isShared(means)) return null;
  if (means === 'stop-subscription') return { kind: 'subscription', subscriptionId };
  if (machine === null) return null;
  const { size, zone } = machine;
  const region = machine.region.toLowerCase();
  switch (means) {
    case 'no-capacity':
      return { kind: 'size', name: size, region, zone, subscriptionId: null };
    case 'not-offered':
      return { kind: 'size', name: size, region, zone: null, subscriptionId };
    case 'no-quota':
      return { kind: 'series', name: seriesOf(size), region, zone: null, subscriptionId };
  }
}
