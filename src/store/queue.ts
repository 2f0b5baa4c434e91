import type { Requester } from '../domain/people/requester.ts';
import { allRows } from './all-rows.ts';
import { rowKeyOf } from './row-key.ts';
import { fromText, toText } from './row-text.ts';
import type { Queue } from './store.ts';
import type { Table } from './table.ts';

const PARTITION = 'queue';
const BY_SWEEP: Requester = { kind: 'sweep', person: null, requestId: null };

/** A row for each VM that waits. */
export function queueIn(table: Table): Queue {
  return {
    add: async ({ vmId, sinceMs, waitsFor, requestedBy }) => {
      const since = new Date(sinceMs).toISOString();
      const properties = { vmId, since, waitsFor, requestedBy: toText(requestedBy) };
      await table.insert({ partition: PARTITION, row: rowKeyOf(vmId), properties });
    },
    remove: (vmId) => table.remove(PARTITION, rowKeyOf(vmId)),
    list: async () => {
      const rows = await allRows(table, PARTITION);
      return rows
        .map(({ properties: { vmId = '', since = '', waitsFor = '', requestedBy } }) => ({
          vmId,
          sinceMs: Date.parse(since) || 0,
          waitsFor,
          requestedBy: requestedBy === undefined ? BY_SWEEP : (fromText(requestedBy) as Requester),
        }))
        .toSorted((a, b) => a.sinceMs - b.sinceMs);
    },
  };
}
