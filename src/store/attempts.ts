import type { Attempts } from './store.ts';
import type { Table } from './table.ts';

const PARTITION = 'attempt';

/** A row for each instance that has asked Azure to switch a VM off, or is about to. */
export function attemptsIn(table: Table): Attempts {
  return {
    begin: async (holder) => {
      const written = await table.insert({ partition: PARTITION, row: holder, properties: {} });
      return written === 'inserted' ? 'first' : 'again';
    },
    isOpen: async (holder) => (await table.get(PARTITION, holder)) !== null,
    end: (holder) => table.remove(PARTITION, holder),
  };
}
