import type { DurableClient } from 'durable-functions';
import { isAlive, readInstance } from '../../durable/read-instance.ts';
import { defineClientActivity, STOP_EVENT } from '../../durable/steps.ts';
import type { Services } from '../services.ts';
import { unlessAway } from '../unless-away.ts';

/**
 * Asks instances to stop at their next safe point: before a VM is switched off, never after.
 *
 * Safe to repeat; an instance that has ended is left alone.
 */
export const stopInstances = defineClientActivity(
  'stopInstances',
  { attempts: 5, firstDelayMs: 2_000 },
  (services: Services, client) =>
    async ({ instanceIds }: { readonly instanceIds: readonly string[] }): Promise<object> => {
      await stopAll(services, client, instanceIds);
      return {};
    },
);

/** The same for whoever has the IDs at hand. */
export async function stopAll(
  { store }: Services,
  client: DurableClient,
  instanceIds: readonly string[],
): Promise<void> {
  for (const instanceId of instanceIds) {
    const instance = await readInstance(client, instanceId);
    if (instance === null || !isAlive(instance)) continue;
    await store.stopRequests.add(instanceId, Date.now()).catch(unlessAway(undefined));
    await client.raiseEvent(instanceId, STOP_EVENT, {});
  }
}
