import { type HttpClient, isRestError, type RestError } from '@azure/core-rest-pipeline';
import { TableClient } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import { deadlinePolicy } from '../azure/arm/deadline-policy.ts';
import { StoreUnavailableError } from './store-unavailable-error.ts';
import type { Row, RowQuery, Table } from './table.ts';

export interface TableConnection {
  /** e.g. `https://account.table.core.windows.net`. */
  readonly url: string;
  readonly credential: TokenCredential;
  /** What sends the requests; absent: the SDK's own. */
  readonly httpClient?: HttpClient;
}

/** The one table that keyturn uses in an account. */
const TABLE_NAME = 'keyturn';
/** Source: "Query timeout and pagination": the most rows that one answer holds. */
const LARGEST_PAGE = 1_000;
/** Source: "Understanding the Table service data model": a string property has at most 64 KiB in UTF-16. */
const PIECE = /.{1,32000}/gs;

/** The client of keyturn's table in an account; retries are off: they are the activities'. */
export function tableClient({ url, credential, httpClient }: TableConnection): TableClient {
  return new TableClient(url, TABLE_NAME, credential, {
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [{ policy: deadlinePolicy, position: 'perCall' }],
    ...(httpClient ? { httpClient } : {}),
  });
}

/** Rows in Azure Table Storage. The table is made when it is found missing. */
export function azureTable(client: TableClient): Table {
  const call = <T>(operation: string, send: () => Promise<T>): Promise<Called<T>> =>
    withTable(client, operation, () => attempt(operation, send));

  return {
    get: async (partition, row) => {
      const called = await call('get a row', () => client.getEntity(partition, row));
      if (called.ok) {
        const { etag, ...entity } = called.value;
        return { ...toRow(entity), etag };
      }
      return expect(called, 404, null);
    },
    insert: async (row) => {
      const called = await call('insert a row', () => client.createEntity(toEntity(row)));
      return called.ok ? 'inserted' : expect(called, 409, 'exists', 'EntityAlreadyExists');
    },
    replace: async (row, etag) => {
      const called = await call('replace a row', () =>
        client.updateEntity(toEntity(row), 'Replace', { etag }),
      );
      if (called.ok) return 'replaced';
      return called.status === 404 ? 'changed' : expect(called, 412, 'changed');
    },
    upsert: async (row) => {
      const called = await call('write a row', () => client.upsertEntity(toEntity(row), 'Replace'));
      if (!called.ok) throw called.error;
    },
    remove: async (partition, row) => {
      const called = await call('remove a row', () => client.deleteEntity(partition, row));
      if (!called.ok) expect(called, 404, null);
    },
    query: async (query) => {
      const called = await call('query rows', () => firstRows(client, query));
      return called.ok ? called.value : expect(called, 404, []);
    },
  };
}

type Called<T> = { readonly ok: true; readonly value: T } | Failure;

interface Failure {
  readonly ok: false;
  readonly status: number;
  readonly error: StoreUnavailableError;
}

/** What a failure means when it is one of those that are no failure. */
function expect<T>({ status, error }: Failure, expected: number, meaning: T, code?: string): T {
  if (status !== expected || (code !== undefined && code !== error.code)) throw error;
  return meaning;
}

async function attempt<T>(operation: string, send: () => Promise<T>): Promise<Called<T>> {
  try {
    return { ok: true, value: await send() };
  } catch (error) {
    const [status, code] = isRestError(error) ? [error.statusCode ?? 0, codeOf(error)] : [0, null];
    const name = error instanceof Error ? error.name : 'Unknown';
    const failure = new StoreUnavailableError(operation, { code: code ?? name, cause: error });
    return { ok: false, status, error: failure };
  }
}

/** A table that is missing is made, and the call is made again. */
async function withTable<T>(
  client: TableClient,
  operation: string,
  call: () => Promise<Called<T>>,
): Promise<Called<T>> {
  const called = await call();
  if (called.ok || called.error.code !== 'TableNotFound') return called;
  const made = await attempt(`${operation}: make the table`, () => client.createTable());
  if (!made.ok) throw made.error;
  return call();
}

/** Source: "Status and error codes": the body says `odata.error`, which the SDK leaves in details. */
function codeOf({ details, code, statusCode }: RestError): string {
  const { odataError } = (details ?? {}) as { readonly odataError?: { readonly code?: string } };
  return odataError?.code ?? code ?? String(statusCode);
}

async function firstRows(client: TableClient, query: RowQuery): Promise<readonly Row[]> {
  const { select, limit } = query;
  const pages = client
    .listEntities({
      queryOptions: {
        filter: filterOf(query),
        ...(select ? { select: ['partitionKey', 'rowKey', ...select] } : {}),
      },
    })
    .byPage({ maxPageSize: Math.min(limit, LARGEST_PAGE) });
  const rows: Row[] = [];
  // A page may be short, even empty, with more to come.
  for await (const page of pages) {
    rows.push(...page.map(toRow));
    if (rows.length >= limit) break;
  }
  return rows.slice(0, limit);
}

function filterOf({ partition, after, before, where = {} }: RowQuery): string {
  return [
    `PartitionKey eq ${quoted(partition)}`,
    ...(after === undefined ? [] : [`RowKey gt ${quoted(after)}`]),
    ...(before === undefined ? [] : [`RowKey lt ${quoted(before)}`]),
    ...Object.entries(where).map(([name, value]) => `${name} eq ${quoted(value)}`),
  ].join(' and ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A long text goes into several properties: `text`, `text__1`, `text__2`. */
function toEntity({ partition, row, properties }: Row) {
  const entity: Record<string, string> = {};
  for (const [name, value] of Object.entries(properties)) {
    for (const [index, piece] of (value.match(PIECE) ?? ['']).entries()) {
      entity[index === 0 ? name : `${name}__${index}`] = piece;
    }
  }
  return { ...entity, partitionKey: partition, rowKey: row };
}

/**
 * Only texts under names of ours: somebody may have added others by hand, the answer has a link of
 * its own in it, and what was selected and is absent is null.
 */
function toRow(entity: Readonly<Record<string, unknown>>): Row {
  const { partitionKey, rowKey, timestamp: _, etag: __, ...rest } = entity;
  const properties: Record<string, string> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (typeof value === 'string' && /^[a-z0-9]+$/i.test(name)) {
      properties[name] = value + continued(rest, name);
    }
  }
  return { partition: String(partitionKey), row: String(rowKey), properties };
}

function continued(properties: Readonly<Record<string, unknown>>, name: string): string {
  let text = '';
  for (let index = 1; typeof properties[`${name}__${index}`] === 'string'; index += 1) {
    text += properties[`${name}__${index}`];
  }
  return text;
}
