import type { DurableClient } from 'durable-functions';
import { instanceIdFor } from '../../durable/instance-id.ts';
import { startOnce } from '../../durable/start-once.ts';
import { defineClientActivity } from '../../durable/steps.ts';
import type { Store, Waiting } from '../../store/store.ts';
import type { Services } from '../services.ts';

interface Input {
  readonly holder: string;
  /** Only what was taken for this conversion; absent: an earlier release did not say. */
  readonly conversionId?: string | undefined;
}

/** How many are woken for each cap: one may have gone meanwhile. */
const WOKEN_PER_KEY = 2;

/**
 * Gives the right to hold a VM off back, and wakes those that waited longest for it.
 *
 * Safe to repeat. Whoever is woken judges its VM anew; who finds no place waits on.
 */
export const releaseLease = defineClientActivity(
  'releaseLease',
  { attempts: 5, firstDelayMs: 2_000 },
  ({ store }: Services, client) =>
    async ({ holder, conversionId }: Input): Promise<object> => {
      await store.attempts.end(holder, conversionId);
      await store.leases.release(holder, conversionId);
      await wakeNext(store, client);
      return {};
    },
);

/** Starts the conversions that have waited longest for a place. May be repeated. */
export async function wakeNext({ queue }: Store, client: DurableClient): Promise<void> {
  for (const next of nextOf(await queue.list())) {
    // Out of the queue first: who releases at the same moment is to wake others.
    await queue.remove(next.vmId);
    const { vmId, requestedBy } = next;
    const options = { instanceId: instanceIdFor('vm', vmId), input: { vmId, requestedBy } };
    const start = await startOnce(client, { name: 'convertVm' }, options);
    if (start === 'under-way') await queue.add(next);
  }
}

/** Those that wait longest, for each cap: one full cap must not keep the others' VMs waiting. */
function nextOf(waiting: readonly Waiting[]): readonly Waiting[] {
  const perKey = new Map<string, number>();
  return waiting.filter(({ waitsFor }) => {
    const count = (perKey.get(waitsFor) ?? 0) + 1;
    perKey.set(waitsFor, count);
    return count <= WOKEN_PER_KEY;
  });
}
