import { sqliteTable } from '../../src/store/sqlite-table.ts';
import { StoreUnavailableError } from '../../src/store/store-unavailable-error.ts';
import type { Table } from '../../src/store/table.ts';

/** A table that can be made to give no answer. */
export function aTable(): { readonly table: Table; readonly state: { isAway: boolean } } {
  const table = sqliteTable(':memory:');
  const state = { isAway: false };
  const unlessAway =
    <Inputs extends readonly unknown[], T>(call: (...inputs: Inputs) => Promise<T>) =>
    async (...inputs: Inputs): Promise<T> => {
      if (state.isAway) throw new StoreUnavailableError('ask the table', { code: 'ECONNREFUSED' });
      return call(...inputs);
    };
  const away: Table = {
    get: unlessAway(table.get),
    insert: unlessAway(table.insert),
    replace: unlessAway(table.replace),
    upsert: unlessAway(table.upsert),
    remove: unlessAway(table.remove),
    query: unlessAway(table.query),
  };
  return { table: away, state };
}
