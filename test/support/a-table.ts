import { sqliteTable } from '../../src/store/sqlite-table.ts';
import { StoreUnavailableError } from '../../src/store/store-unavailable-error.ts';
import type { Table } from '../../src/store/table.ts';
import { guardedTable } from './guarded-table.ts';

/** A table that can be made to give no answer. */
export function aTable(): { readonly table: Table; readonly state: { isAway: boolean } } {
  const table = sqliteTable(':memory:');
  const state = { isAway: false };
  const away = guardedTable(table, () => {
    if (state.isAway) throw new StoreUnavailableError('ask the table', { code: 'ECONNREFUSED' });
    return undefined;
  });
  return { table: away, state };
}
