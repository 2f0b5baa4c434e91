import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttpHeaders, RestError } from '@azure/core-rest-pipeline';
import { withVirtualTime } from '@keyturn/functions-host/virtual-time';
import { expect, onTestFinished, test } from 'vitest';
import { azureTable, tableClient } from '../../src/store/azure-table.ts';
import { connectStore } from '../../src/store/connect-store.ts';
import { openTable } from '../../src/store/open-table.ts';
import { sqliteTable } from '../../src/store/sqlite-table.ts';
import { StoreFileError } from '../../src/store/store-file-error.ts';
import { StoreUnavailableError } from '../../src/store/store-unavailable-error.ts';
import type { Table } from '../../src/store/table.ts';
import { aRecord } from './a-record.ts';
import { credential, simulatedTable } from './tables.ts';

const URL_OF_ACCOUNT = 'https://keyturnjournal.table.core.windows.net';

function everyCall(table: Table): readonly Promise<unknown>[] {
  const row = { partition: 'p', row: '1', properties: {} };
  return [
    table.get('p', '1'),
    table.insert(row),
    table.replace(row, 'W/"x"'),
    table.upsert(row),
    table.remove('p', '1'),
    table.query({ partition: 'p', limit: 1 }),
  ];
}

async function expectFailures(table: Table, code: string): Promise<void> {
  for (const { status, ...rest } of await Promise.allSettled(everyCall(table))) {
    const reason: unknown = 'reason' in rest ? rest.reason : null;
    expect(status).toBe('rejected');
    expect(reason).toBeInstanceOf(StoreUnavailableError);
    expect(reason).toMatchObject({ code });
  }
}

test.for<[status: number, code: string, sent: string]>([
  [403, 'AuthorizationPermissionMismatch', 'AuthorizationPermissionMismatch'],
  [503, 'ServerBusy', 'ServerBusy'],
  [500, 'InternalError', 'InternalError'],
  [409, 'TableBeingDeleted', 'TableBeingDeleted'],
  [400, 'InvalidInput', 'InvalidInput'],
  [404, 'TableNotFound', 'TableNotFound'],
])(
  'an answer of %i %s is the store being unavailable, and is not repeated',
  async ([status, code, sent]) => {
    let requests = 0;
    const table = azureTable(
      tableClient({
        url: URL_OF_ACCOUNT,
        credential,
        httpClient: {
          sendRequest: async (request) => {
            requests += 1;
            const bodyAsText = JSON.stringify({ 'odata.error': { code: sent, message: {} } });
            const headers = createHttpHeaders({ 'content-type': 'application/json' });
            return { request, status, headers, bodyAsText };
          },
        },
      }),
    );

    await expectFailures(table, code);

    // Where the table is missing, it was tried to make it.
    expect(requests).toBe(code === 'TableNotFound' ? 12 : 6);
  },
);

test('no network is the store being unavailable', async () => {
  const open = simulatedTable(() => ({
    sendRequest: async () => {
      throw new RestError('connect ECONNREFUSED', { code: 'ECONNREFUSED' });
    },
  }));

  await expectFailures(open(), 'ECONNREFUSED');
});

test('no token is the store being unavailable', async () => {
  const failure = Object.assign(new Error('no'), { name: 'CredentialUnavailableError' });
  const noCredential = { getToken: () => Promise.reject(failure) };
  const table = azureTable(tableClient({ url: URL_OF_ACCOUNT, credential: noCredential }));

  await expectFailures(table, 'CredentialUnavailableError');
});

test('a minute without an answer is the store being unavailable', async () => {
  await withVirtualTime('2026-03-01T00:00:00Z', async (time) => {
    const open = simulatedTable(() => ({ sendRequest: () => new Promise<never>(() => {}) }));
    const failed = expectFailures(open(), 'ETIMEDOUT');
    await time.advance(61_000);
    await failed;
  });
});

test('a row that somebody else has spoilt is the store being unavailable', async () => {
  const table = sqliteTable(':memory:');
  const store = connectStore(table);
  await table.insert({ partition: 'leases', row: 'book', properties: { text: '[{' } });
  await store.journal.begin(aRecord());
  const [row] = await table.query({ partition: 'journal', limit: 1 });
  if (row) await table.upsert({ ...row, properties: {} });

  await expect(store.leases.release('vm-1')).rejects.toThrow(StoreUnavailableError);
  await expect(store.journal.find({}, { top: 1, token: null })).rejects.toThrow('RowDamaged');
});

test('a writer that never gets its turn gives up', async () => {
  const table = sqliteTable(':memory:');
  const busy: Table = { ...table, insert: async () => 'exists' };
  const request = { holder: 'vm-1', vmId: '/x', caps: [], untilMs: 1 };

  await expect(connectStore(busy).leases.take(request)).rejects.toThrow('Contention');
});

test('a file that is none, or cannot be made, is named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'journal.sqlite');
  writeFileSync(file, 'no database, but long enough to look at'.repeat(100));

  for (const path of [file, folder, join(folder, 'no', 'journal.sqlite')]) {
    await expect(openTable({ kind: 'file', path }, credential)).rejects.toThrow(StoreFileError);
    await expect(openTable({ kind: 'file', path }, credential)).rejects.toThrow(path);
  }
});

test('a file of a later release is left alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'journal.sqlite');
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA user_version = 7');
  database.close();

  expect(() => sqliteTable(path)).toThrow('format 7');
});

test('what is written stays in the file for who opens it next', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const place = { kind: 'file', path: join(folder, 'journal.sqlite') } as const;
  await connectStore(await openTable(place, credential)).journal.end(aRecord());

  const { journal } = connectStore(await openTable(place, credential));

  expect((await journal.find({}, { top: 1, token: null }))?.records).toEqual([aRecord()]);
});

test('an account is asked for nothing before it is used', async () => {
  const place = { kind: 'azure', url: URL_OF_ACCOUNT } as const;
  const getToken = () => Promise.reject(new Error('asked'));

  expect(await openTable(place, { getToken })).toBeDefined();
});
