import { purgeEnded } from '../../durable/purge-ended.ts';
import { defineClientActivity } from '../../durable/steps.ts';
import type { Services } from '../services.ts';

const HOUR_MS = 3_600_000;
const KEPT_HOURS = 7 * 24;

/**
 * Forgets instances that ended long ago: there is one for each event of interest.
 *
 * Those that Azure refused are kept as long as they keep their VM or disk from being tried again.
 * Safe to repeat.
 */
export const purgeInstances = defineClientActivity(
  'purgeInstances',
  { attempts: 2, firstDelayMs: 5_000 },
  ({ policy }: Services, client) =>
    async (_input: object): Promise<{ readonly purged: number }> => {
      const { retryRefusedAfterHours } = await policy();
      const keptHours = Math.max(KEPT_HOURS, retryRefusedAfterHours);
      return { purged: await purgeEnded(client, new Date(Date.now() - keptHours * HOUR_MS)) };
    },
);
