import { wasTouched } from '../../domain/conversion/conversion-record.ts';
import { EVERYTHING } from '../../domain/turn/stop-scope.ts';
import { defineActivity } from '../../durable/steps.ts';
import type { Services } from '../services.ts';

const DAY_MS = 86_400_000;
/** Failures that put no VM at risk do not count; of more than these in a day, some may hide others. */
const MOST_UNTOUCHED = 200;

/**
 * Stops everything when as many conversions failed within a day as the policy allows.
 *
 * Safe to repeat: the first stop stands. A person takes it away.
 */
export const stopAfterFailures = defineActivity(
  'stopAfterFailures',
  { attempts: 5, firstDelayMs: 5_000 },
  ({ store, policy }: Services) =>
    async (): Promise<{ readonly stopped: boolean }> => {
      const { stopAfterFailures: limit } = await policy();
      if (limit === null) return { stopped: false };
      const atMs = Date.now();
      // What failed before a person resumed is known to that person.
      const resumedAtMs = (await store.stops.resumedAtMs(EVERYTHING)) ?? 0;
      const filter = { outcome: 'failed', sinceMs: Math.max(atMs - DAY_MS, resumedAtMs) };
      const page = await store.journal.find(filter, { top: limit + MOST_UNTOUCHED, token: null });
      const failures = page?.records.filter(wasTouched).length ?? 0;
      if (failures < limit) return { stopped: false };
      const reason = `${failures} conversions failed within a day.`;
      await store.stops.set({ scope: EVERYTHING, by: 'keyturn', reason, atMs });
      return { stopped: true };
    },
);
