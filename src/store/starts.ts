import { rowKeyOf } from './row-key.ts';
import type { Starts } from './store.ts';
import type { Table } from './table.ts';

const PARTITION = 'started';

/** A row for each size and place of which a VM has started again. */
export function startsIn(table: Table): Starts {
  return {
    note: (what, atMs) => {
      const properties = { what, at: new Date(atMs).toISOString() };
      return table.upsert({ partition: PARTITION, row: rowKeyOf(what), properties });
    },
    lastMs: async (what) => {
      const stored = await table.get(PARTITION, rowKeyOf(what));
      return Date.parse(stored?.properties['at'] ?? '') || null;
    },
  };
}
