import { isAlive, readInstance } from '../../durable/read-instance.ts';
import { defineClientActivity } from '../../durable/steps.ts';
import type { Services } from '../services.ts';

/** How long a conversion may be between its record and its first sign of life. */
const SETTLED_MS = 10 * 60_000;

/**
 * Ends the records of conversions whose instance is gone: terminated, or lost with its task hub.
 *
 * Whatever they had begun on disks is seen by the next look at them. Safe to repeat.
 */
export const closeAbandonedRecords = defineClientActivity(
  'closeAbandonedRecords',
  { attempts: 5, firstDelayMs: 5_000 },
  ({ store }: Services, client) =>
    async (): Promise<{ readonly closed: number }> => {
      const nowMs = Date.now();
      const filter = { outcome: 'under-way', untilMs: nowMs - SETTLED_MS };
      const page = await store.journal.find(filter, { top: 100, token: null });
      let closed = 0;
      for (const record of page?.records ?? []) {
        const instance = await readInstance(client, record.instanceId);
        if (instance !== null && isAlive(instance)) continue;
        // Its VM may be off: who gives it back closes the record.
        if ((await store.attempts.find(record.instanceId)) !== null) continue;
        const endedAt = new Date(nowMs).toISOString();
        // Its instance may have ended, and have written so, since the page was read.
        const end = await store.journal.endIfOpen({ ...record, endedAt, outcome: 'interrupted' });
        if (end === 'ended') closed += 1;
      }
      return { closed };
    },
);
