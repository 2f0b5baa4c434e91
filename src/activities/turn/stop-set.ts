import { defineActivity } from '../../durable/steps.ts';
import type { Services } from '../services.ts';

interface Input {
  /** ARM ID of the disk encryption set. */
  readonly setId: string;
  readonly reason: string;
}

/**
 * Stops a disk encryption set whose key Azure may not use. Safe to repeat: the first stop stands.
 *
 * Tried for half an hour: who held the place under the caps keeps it so long.
 */
export const stopSet = defineActivity(
  'stopSet',
  { attempts: 35, firstDelayMs: 2_000 },
  ({ store }: Services) =>
    async ({ setId, reason }: Input): Promise<object> => {
      await store.stops.set({ scope: setId, by: 'keyturn', reason, atMs: Date.now() });
      return {};
    },
);
