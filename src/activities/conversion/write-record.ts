import type { ConversionRecord } from '../../domain/conversion/conversion-record.ts';
import { defineActivity } from '../../durable/steps.ts';
import type { Services } from '../services.ts';

interface Input {
  readonly record: ConversionRecord;
}

/**
 * Writes into the journal that a conversion begins, and ends what an earlier one left open: that
 * one's instance is gone, or this could not begin. Safe to repeat.
 */
export const beginRecord = defineActivity(
  'beginRecord',
  // Nothing has been touched yet: what cannot be written soon is not begun.
  { attempts: 4, firstDelayMs: 2_000 },
  ({ store }: Services) =>
    async ({ record }: Input): Promise<object> => {
      const { target, id, beganAt } = record;
      const filter = { target, outcome: 'under-way' };
      const page = await store.journal.find(filter, { top: 20, token: null });
      for (const open of page?.records ?? []) {
        if (open.id === id) continue;
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
 */
export const closeRecords = defineActivity(
  'closeRecords',
  { attempts: 5, firstDelayMs: 5_000 },
  ({ store }: Services) =>
    async ({
      target,
      outcome,
    }: {
      readonly target: string;
      readonly outcome: string;
    }): Promise<object> => {
      const page = await store.journal.find(
        { target, outcome: 'under-way' },
        { top: 20, token: null },
      );
      for (const record of page?.records ?? []) {
        const endedAt = new Date(Date.now()).toISOString();
        await store.journal.endIfOpen({ ...record, endedAt, outcome });
      }
      return {};
    },
);
