import type { Table } from '../../src/store/table.ts';

/** A table of which every call passes a gate first: it may throw, or never let it through. */
export function guardedTable(table: Table, gate: () => Promise<never> | undefined): Table {
  const guarded =
    <Inputs extends readonly unknown[], T>(call: (...inputs: Inputs) => Promise<T>) =>
    async (...inputs: Inputs): Promise<T> => {
      const held = gate();
      return held ?? call(...inputs);
    };
  return {
    get: guarded(table.get),
    insert: guarded(table.insert),
    replace: guarded(table.replace),
    upsert: guarded(table.upsert),
    remove: guarded(table.remove),
    query: guarded(table.query),
  };
}
