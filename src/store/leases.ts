import {
  addLease,
  type Lease,
  partExpired,
  withLeaseRenewed,
  withoutLease,
} from '../domain/turn/lease.ts';
import { type Change, changeRow } from './change-row.ts';
import { fromText, toText } from './row-text.ts';
import type { LeaseAnswer, Leases } from './store.ts';
import { LARGEST_ROW, type Row, type Table } from './table.ts';

const BOOK = { partition: 'leases', row: 'book' };

/**
 * Leases in one row, changed as a whole: so all caps of a lease are taken at once or none is, by
 * whatever process.
 */
export function leasesIn(table: Table): Leases {
  return {
    take: (request) =>
      changeRow<LeaseAnswer>(table, BOOK, (properties) => {
        const taking = addLease(leasesOf(properties), request);
        if (taking.kind === 'full') return unchanged(taking);
        const book = bookOf(taking.leases);
        // Some 800 VMs are off at once.
        if (book.text.length > LARGEST_ROW) return unchanged({ kind: 'full', key: 'leases' });
        return { properties: book, result: { kind: 'taken' } };
      }),

    renew: (holder, untilMs) =>
      changeRow(table, BOOK, (properties) => {
        const leases = withLeaseRenewed(leasesOf(properties), holder, untilMs);
        return leases === null
          ? unchanged('lost')
          : { properties: bookOf(leases), result: 'renewed' };
      }),

    release: (holder, conversionId) =>
      changeRow(table, BOOK, (properties) => {
        const leases = leasesOf(properties);
        const left = withoutLease(leases, holder, conversionId);
        return left.length === leases.length
          ? unchanged(undefined)
          : { properties: bookOf(left), result: undefined };
      }),

    expire: (nowMs) =>
      changeRow(table, BOOK, (properties) => {
        const { held, expired } = partExpired(leasesOf(properties), nowMs);
        return expired.length === 0
          ? unchanged(expired)
          : { properties: bookOf(held), result: expired };
      }),

    list: async () => leasesOf((await table.get(BOOK.partition, BOOK.row))?.properties ?? null),
  };
}

function unchanged<Result>(result: Result): Change<Result> {
  return { properties: null, result };
}

function bookOf(leases: readonly Lease[]): { readonly text: string } {
  return { text: toText(leases) };
}

function leasesOf(properties: Row['properties'] | null): readonly Lease[] {
  return properties === null ? [] : (fromText(properties['text']) as readonly Lease[]);
}
