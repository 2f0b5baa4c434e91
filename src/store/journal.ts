import type { ConversionKey, ConversionRecord } from '../domain/conversion/conversion-record.ts';
import { nameOfRequester } from '../domain/people/requester.ts';
import type { DowntimeSample } from '../domain/turn/expected-downtime.ts';
import { changeRow } from './change-row.ts';
import { readRecord, writeRecord } from './record-rows.ts';
import { rowKeyOf } from './row-key.ts';
import type { Journal, JournalFilter } from './store.ts';
import type { RowQuery, Table } from './table.ts';

const PARTITION = 'journal';
/** Rows go by ascending keys: subtracted from this, the newest comes first. In the year 2286. */
const END_OF_TIME = 9_999_999_999_999;
const UNDER_WAY = 'under-way';
const CONVERTED = 'converted';
const SAMPLES = 200;
/** Every plan asks for them, and a few more change little. */
const SAMPLES_FOR_MS = 10 * 60_000;

/** A row for each conversion, and further rows for a record that does not fit into one. */
export function journalIn(table: Table): Journal {
  let known: { readonly atMs: number; readonly samples: readonly DowntimeSample[] } | null = null;
  return {
    begin: async (record) => {
      await table.insert(await writeRecord(table, placeOf(record), record, propertiesOf(record)));
    },
    end: async (record) => {
      await table.upsert(await writeRecord(table, placeOf(record), record, propertiesOf(record)));
    },
    endIfOpen: async (record) => {
      const place = placeOf(record);
      const { properties } = await writeRecord(table, place, record, propertiesOf(record));
      return changeRow(table, place, (standing) =>
        standing?.['outcome'] === UNDER_WAY
          ? { properties, result: 'ended' }
          : { properties: null, result: 'had-ended' },
      );
    },
    stateOf: async (conversion) => {
      const { partition, row } = placeOf(conversion);
      const outcome = (await table.get(partition, row))?.properties['outcome'];
      if (outcome === undefined) return null;
      return outcome === UNDER_WAY ? 'open' : 'ended';
    },
    find: async (filter, { top, token }) => {
      const after = token === null ? null : rowIn(token);
      if (token !== null && after === null) return null;
      const rows = await table.query({ ...queryOf(filter, after), limit: top + 1 });
      const page = rows.slice(0, top);
      const records: ConversionRecord[] = [];
      for (const row of page) records.push(await readRecord(table, row));
      const last = page.at(-1)?.row;
      return { records, token: rows.length > top && last ? tokenOf(last) : null };
    },
    samples: async () => {
      if (known === null || Date.now() - known.atMs > SAMPLES_FOR_MS) {
        known = { atMs: Date.now(), samples: await readSamples(table) };
      }
      return known.samples;
    },
  };
}

async function readSamples(table: Table): Promise<readonly DowntimeSample[]> {
  const rows = await table.query({
    partition: PARTITION,
    where: { outcome: CONVERTED, downtime: 'known' },
    select: ['diskCount', 'downtimeMs'],
    limit: SAMPLES,
  });
  return rows.map(({ properties }) => ({
    diskCount: Number(properties['diskCount']),
    downtimeMs: Number(properties['downtimeMs']),
  }));
}

function placeOf({ id, beganAt }: ConversionKey) {
  return { partition: PARTITION, row: `${sortKey(Date.parse(beganAt))}-${rowKeyOf(id)}` };
}

/** What is searched for, and what a person sees who looks at the table itself. */
function propertiesOf(record: ConversionRecord) {
  const { target, outcome, requestedBy, beganAt, endedAt, disks, downtimeMs } = record;
  return {
    target: target.toLowerCase(),
    outcome: outcome ?? UNDER_WAY,
    requestedBy: nameOfRequester(requestedBy).toLowerCase(),
    beganAt,
    endedAt: endedAt ?? '',
    diskCount: String(disks.length),
    downtimeMs: String(downtimeMs ?? ''),
    downtime: downtimeMs === null ? 'none' : 'known',
  };
}

function queryOf(
  { target, outcome, requestedBy, sinceMs, untilMs }: JournalFilter,
  after: string | null,
): Omit<RowQuery, 'limit'> {
  const began = untilMs === undefined ? '' : sortKey(untilMs - 1);
  const start = after !== null && after > began ? after : began;
  return {
    partition: PARTITION,
    after: start,
    // Keys go on behind the time, so that they come after the time alone.
    ...(sinceMs === undefined ? {} : { before: sortKey(sinceMs - 1) }),
    where: {
      ...(target ? { target: target.toLowerCase() } : {}),
      ...(outcome ? { outcome } : {}),
      ...(requestedBy ? { requestedBy: requestedBy.toLowerCase() } : {}),
    },
  };
}

function sortKey(ms: number): string {
  const time = Math.min(Math.max(ms, 0), END_OF_TIME);
  return String(END_OF_TIME - time).padStart(13, '0');
}

function tokenOf(row: string): string {
  return Buffer.from(row).toString('base64url');
}

/** Null when it is no token of ours. */
function rowIn(token: string): string | null {
  const row = Buffer.from(token, 'base64url').toString();
  return /^\d{13}-[0-9a-f]{32}$/.test(row) ? row : null;
}
