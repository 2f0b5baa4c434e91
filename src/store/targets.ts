import type { ConversionTarget } from '../domain/conversion/conversion-target.ts';
import { allRows } from './all-rows.ts';
import { rowKeyOf } from './row-key.ts';
import type { StoredTarget, Targets } from './store.ts';
import type { Row, Table } from './table.ts';

const PARTITION = 'targets';
/** So many rows are written at a time. */
const AT_ONCE = 20;

/** A partition for each request, with a row for each of its targets, in the order of their digests. */
export function targetsIn(table: Table): Targets {
  const all = (requestId: string) => allRows(table, partitionOf(requestId));
  return {
    add: async (requestId, targets) => {
      for (let at = 0; at < targets.length; at += AT_ONCE) {
        const rows = targets.slice(at, at + AT_ONCE).map((target) => rowOf(requestId, target, ''));
        await Promise.all(rows.map((row) => table.insert(row)));
      }
    },
    open: async (requestId, after, top) => {
      const partition = partitionOf(requestId);
      const where = { outcome: '' };
      const rows = await table.query({ partition, where, after: after ?? '', limit: top });
      const next = rows.length < top ? null : (rows.at(-1)?.row ?? null);
      return { targets: rows.map((row) => targetIn(row).target), next };
    },
    end: (requestId, target, outcome) => table.upsert(rowOf(requestId, target, outcome)),
    list: async (requestId) => (await all(requestId)).map(targetIn),
    clear: async (requestId) => {
      const rows = await all(requestId);
      for (let at = 0; at < rows.length; at += AT_ONCE) {
        const some = rows.slice(at, at + AT_ONCE);
        await Promise.all(some.map(({ partition, row }) => table.remove(partition, row)));
      }
    },
  };
}

function partitionOf(requestId: string): string {
  return `${PARTITION}-${rowKeyOf(requestId)}`;
}

function rowOf(requestId: string, { kind, id }: ConversionTarget, outcome: string): Row {
  const properties = { kind, id, outcome };
  return { partition: partitionOf(requestId), row: rowKeyOf(id), properties };
}

function targetIn({ properties: { kind, id = '', outcome } }: Row): StoredTarget {
  return { target: { kind: kind === 'disk' ? 'disk' : 'vm', id }, outcome: outcome || null };
}
