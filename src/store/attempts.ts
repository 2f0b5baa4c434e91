import type { Attempt, Attempts } from './store.ts';
import type { Row, Table } from './table.ts';

const PARTITION = 'attempt';

/** A row for each instance that has asked Azure to switch a VM off, or is about to. */
export function attemptsIn(table: Table): Attempts {
  const find = async (holder: string): Promise<Attempt | null> => {
    const row = await table.get(PARTITION, holder);
    return row === null ? null : attemptIn(row.properties);
  };
  return {
    begin: async (holder, conversionId) => {
      const properties = { conversionId: conversionId ?? '', atMs: String(Date.now()) };
      const written = await table.insert({ partition: PARTITION, row: holder, properties });
      return written === 'inserted' ? 'first' : 'again';
    },
    find,
    end: async (holder, conversionId) => {
      const other = conversionId === undefined ? null : (await find(holder))?.conversionId;
      if (!other || other === conversionId) await table.remove(PARTITION, holder);
    },
  };
}

function attemptIn({ conversionId, atMs }: Row['properties']): Attempt {
  return { conversionId: conversionId || null, atMs: atMs ? Number(atMs) : null };
}
