import { allRows } from './all-rows.ts';
import { rowKeyOf } from './row-key.ts';
import type { Queue } from './store.ts';
import type { Table } from './table.ts';

const PARTITION = 'queue';

/** A row for each VM that waits. */
export function queueIn(table: Table): Queue {
  return {
    add: async ({ vmId, sinceMs, waitsFor }) => {
      const properties = { vmId, since: new Date(sinceMs).toISOString(), waitsFor };
      await table.insert({ partition: PARTITION, row: rowKeyOf(vmId), properties });
    },
    remove: (vmId) => table.remove(PARTITION, rowKeyOf(vmId)),
    list: async () => {
      const rows = await allRows(table, PARTITION);
      return rows
        .map(({ properties: { vmId = '', since = '', waitsFor = '' } }) => ({
          vmId,
          sinceMs: Date.parse(since) || 0,
          waitsFor,
        }))
        .toSorted((a, b) => a.sinceMs - b.sinceMs);
    },
  };
}
