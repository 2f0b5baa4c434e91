import type { PowerState } from '../../domain/azure/vm.ts';
import type { ConversionRecord } from '../../domain/conversion/conversion-record.ts';
import { defineActivity } from '../../durable/steps.ts';
import type { Store } from '../../store/store.ts';
import type { Services } from '../services.ts';

interface Input {
  readonly record: ConversionRecord;
}

/**
 * Writes into the journal that a conversion begins, and ends what an earlier one left open: that
 * one's instance is gone, or this could not begin. Safe to repeat, also after it has ended.
 */
export const beginRecord = defineActivity(
  'beginRecord',
  // Nothing has been touched yet: what cannot be written soon is not begun.
  { attempts: 4, firstDelayMs: 2_000 },
  ({ store }: Services) =>
    async ({ record }: Input): Promise<object> => {
      if ((await store.journal.stateOf(record)) === 'ended') return {};
      const { target, id, beganAt } = record;
      const filter = { target, outcome: 'under-way' };
      const page = await store.journal.find(filter, { top: 20, token: null });
      for (const open of page?.records ?? []) {
        if (open.id === id || open.beganAt > beganAt) continue;
        await store.journal.endIfOpen({ ...open, endedAt: beganAt, outcome: 'interrupted' });
      }
      await store.journal.begin(record);
      return {};
    },
);

/** Writes into the journal how a conversion ended. Safe to repeat. */
export const endRecord = defineActivity(
  'endRecord',
  { attempts: 8, firstDelayMs: 2_000 },
  ({ store }: Services) =>
    async ({ record }: Input): Promise<object> => {
      await store.journal.end(record);
      return {};
    },
);

/**
 * Closes the records of a VM whose conversions did not live to do so. Safe to repeat.
 *
 * @param outcome in its place, e.g. `restored`.
 * @param untilMs only of those that began earlier: this may come again during the next conversion.
 */
export const closeRecords = defineActivity(
  'closeRecords',
  { attempts: 5, firstDelayMs: 5_000 },
  ({ store }: Services) =>
    async ({
      target,
      outcome,
      untilMs,
    }: {
      readonly target: string;
      readonly outcome: string;
      readonly untilMs?: number;
    }): Promise<object> => {
      await closeOpenRecords(store, target, { outcome, after: null, untilMs });
      return {};
    },
);

/**
 * Ends the records of a VM that its conversions left open.
 *
 * @param after power state in which the VM is now; null: not known.
 */
export async function closeOpenRecords(
  { journal }: Store,
  target: string,
  {
    outcome,
    after,
    untilMs,
  }: {
    readonly outcome: string;
    readonly after: PowerState | null;
    readonly untilMs?: number | undefined;
  },
): Promise<void> {
  const filter = { target, outcome: 'under-way', untilMs };
  const page = await journal.find(filter, { top: 20, token: null });
  for (const record of page?.records ?? []) {
    const endedAt = new Date(Date.now()).toISOString();
    const power = { ...record.power, after };
    await journal.endIfOpen({ ...record, endedAt, outcome, power });
  }
}
