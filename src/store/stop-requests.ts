import { rowKeyOf } from './row-key.ts';
import type { StopRequests } from './store.ts';
import type { Table } from './table.ts';

const PARTITION = 'stopped';

/** A row for each instance that a person asked to stop. */
export function stopRequestsIn(table: Table): StopRequests {
  return {
    add: async (instanceId, atMs) => {
      const properties = { instanceId, at: new Date(atMs).toISOString() };
      await table.upsert({ partition: PARTITION, row: rowKeyOf(instanceId), properties });
    },
    givenAtMs: async (instanceId) => {
      const stored = await table.get(PARTITION, rowKeyOf(instanceId));
      return Date.parse(stored?.properties['at'] ?? '') || null;
    },
  };
}
