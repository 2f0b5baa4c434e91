import { type ConversionRecord, wasTouched } from '../../domain/conversion/conversion-record.ts';
import { isExplainedByStop } from '../../domain/conversion/is-explained-by-stop.ts';
import { EVERYTHING } from '../../domain/turn/stop-scope.ts';
import { defineActivity } from '../../durable/steps.ts';
import type { FoundRecords, JournalFilter, Store } from '../../store/store.ts';
import type { Services } from '../services.ts';

const DAY_MS = 86_400_000;

/**
 * Stops everything when as many conversions of running VMs failed within a day as the policy allows.
 *
 * Disks that no VM runs on do not count, for nothing is switched off for them; nor does what the stop
 * of a set, a subscription or a size explains: that stop is enough.
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
      const failures = await countFailures(store, filter, limit);
      if (failures < limit) return { stopped: false };
      const reason = `${failures} conversions failed within a day.`;
      await store.stops.set({ scope: EVERYTHING, by: 'keyturn', reason, atMs });
      return { stopped: true };
    },
);

/** How many failures put a VM at risk that no other stop explains, up to a limit. */
async function countFailures(
  { journal }: Store,
  filter: JournalFilter,
  limit: number,
): Promise<number> {
  let count = 0;
  let token: string | null = null;
  do {
    const page: FoundRecords | null = await journal.find(filter, { top: PAGE, token });
    count += page?.records.filter(counts).length ?? 0;
    token = page?.token ?? null;
  } while (token !== null && count < limit);
  return Math.min(count, limit);
}

function counts(record: ConversionRecord): boolean {
  return record.power.before === 'running' && wasTouched(record) && !isExplainedByStop(record);
}

const PAGE = 100;
