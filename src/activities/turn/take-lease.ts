import { subscriptionOf } from '../../domain/azure/arm-id.ts';
import type { Requester } from '../../domain/people/requester.ts';
import type { Cap, LeaseRequest } from '../../domain/turn/lease.ts';
import { type Machine, type Stop, stopFor } from '../../domain/turn/stop.ts';
import { defineActivity } from '../../durable/steps.ts';
import type { Store } from '../../store/store.ts';
import type { Services } from '../services.ts';
import { LEASE_MS } from './lease-time.ts';

interface Input {
  readonly vmId: string;
  readonly requestedBy: Requester;
  /** Instance that will hold the VM off. */
  readonly holder: string;
  /** The conversion for which it is taken. */
  readonly conversionId?: string;
  readonly caps: readonly Cap[];
  /** ARM IDs of the disk encryption sets that the VM's disks go onto. */
  readonly setIds: readonly string[];
  /** What it takes to start it again; absent in older histories. */
  readonly machine?: Machine | null;
  /** The approval that this conversion acts on; null where none is needed. */
  readonly approval: { readonly planDigest: string; readonly usedBy: string } | null;
}

export type LeaseTaken =
  | { readonly kind: 'taken' }
  /** The key of the cap without a place; the VM waits in the queue. */
  | { readonly kind: 'full'; readonly key: string }
  | { readonly kind: 'stopped'; readonly stop: Stop }
  /** The approval was used already, or withdrawn. */
  | { readonly kind: 'not-approved'; readonly reason: string };

/**
 * Takes the right to hold one VM off, under every cap and no stop.
 *
 * Safe to repeat: who holds it keeps it.
 */
export const takeLease = defineActivity(
  'takeLease',
  { attempts: 5, firstDelayMs: 2_000 },
  ({ store }: Services) =>
    async (input: Input): Promise<LeaseTaken> => {
      const { vmId, requestedBy, holder, conversionId, caps, setIds, approval } = input;
      const subscriptionId = subscriptionOf(vmId);
      const subject = { setIds, subscriptionId, machine: input.machine ?? null };
      const stop = stopFor(await store.stops.read(), subject);
      if (stop !== null) return { kind: 'stopped', stop };

      const wanted = { holder, conversionId, vmId, caps, untilMs: Date.now() + LEASE_MS };
      // Nothing is to be woken: this comes from before, or the sweep finds the VM again.
      if (await isOffByAnother(store, wanted)) return { kind: 'full', key: `vm/${vmId}` };
      const first = await store.leases.take(wanted);
      if (first.kind === 'full') {
        await store.queue.add({ vmId, sinceMs: Date.now(), waitsFor: first.key, requestedBy });
      }
      // Once more: whoever gave a place back meanwhile found nobody in the queue.
      const taken = first.kind === 'full' ? await store.leases.take(wanted) : first;
      if (taken.kind === 'full') return taken;
      await store.queue.remove(vmId);
      if (approval === null) return taken;

      const used = await store.approvals.use(vmId, approval);
      if (used.kind === 'accepted') return taken;
      await store.leases.release(holder, conversionId);
      return { kind: 'not-approved', reason: used.reason };
    },
);

/** Another conversion of the VM switched it off: this is a message from before, or comes too early. */
async function isOffByAnother(
  { attempts }: Store,
  { holder, conversionId }: Pick<LeaseRequest, 'holder' | 'conversionId'>,
): Promise<boolean> {
  const attempt = await attempts.find(holder);
  return (attempt?.conversionId ?? conversionId) !== conversionId;
}
