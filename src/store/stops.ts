import { EVERYTHING, TOO_MUCH } from '../domain/turn/stop-scope.ts';
import { allRows } from './all-rows.ts';
import { rowKeyOf } from './row-key.ts';
import type { Stops } from './store.ts';
import type { Table } from './table.ts';

const PARTITION = 'stop';
const RESUMED = 'resumed';

/**
 * A stop is a row, and being there is what counts: a row that somebody made by hand, in the
 * partition `stop` and with the key `everything`, stops everything whatever else it holds.
 */
export function stopsIn(table: Table): Stops {
  return {
    set: async ({ scope, by, reason, atMs }) => {
      const properties = { scope, by, reason, at: new Date(atMs).toISOString() };
      await table.insert({ partition: PARTITION, row: rowOf(scope), properties });
    },
    clear: async (scope) => {
      await table.remove(PARTITION, rowOf(scope));
      const properties = { at: new Date(Date.now()).toISOString() };
      await table.upsert({ partition: RESUMED, row: rowOf(scope), properties });
    },
    resumedAtMs: async (scope) => {
      const stored = await table.get(RESUMED, rowOf(scope));
      return Date.parse(stored?.properties['at'] ?? '') || null;
    },
    read: async () => {
      const rows = await allRows(table, PARTITION);
      return rows.map(({ row, properties: { scope, by = '', reason = '', at = '' } }) => ({
        // One that does not say what it stops stops everything.
        scope: row === EVERYTHING ? EVERYTHING : (scope ?? EVERYTHING),
        by,
        reason,
        atMs: Date.parse(at) || 0,
      }));
    },
  };
}

function rowOf(scope: string): string {
  return scope === EVERYTHING || scope === TOO_MUCH ? scope : rowKeyOf(scope);
}
