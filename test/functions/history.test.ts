import { expect, onTestFinished, test } from 'vitest';
import type { ConversionRecord } from '../../src/domain/conversion/conversion-record.ts';
import { sqliteTable } from '../../src/store/sqlite-table.ts';
import { StoreUnavailableError } from '../../src/store/store-unavailable-error.ts';
import type { Table } from '../../src/store/table.ts';
import { aRecord, begun } from '../store/a-record.ts';
import { vmId } from '../support/builders.ts';
import { type SimulatedApp, startSimulatedApp } from '../support/simulated-app.ts';

const anna = { objectId: '1', name: 'anna@contoso.com' };

function nth(index: number, differences: Partial<ConversionRecord> = {}): ConversionRecord {
  const beganAt = new Date(Date.UTC(2026, 2, index)).toISOString();
  return aRecord({ id: `${index}`, beganAt, ...differences });
}

async function anApp(table?: Table): Promise<SimulatedApp> {
  const app = await startSimulatedApp(table ? { table } : {});
  onTestFinished(async () => {
    await app.host.stop();
    app.simulator.close();
  });
  return app;
}

async function withHistory(): Promise<SimulatedApp> {
  const app = await anApp();
  const { journal } = app.store;
  const person = { kind: 'person', person: anna, requestId: 'r-1' } as const;
  await journal.end(nth(1));
  await journal.end(nth(2, { target: vmId('vm-2'), outcome: 'failed' }));
  await journal.end(nth(3, { requestedBy: person }));
  await journal.begin(begun(nth(4)));
  return app;
}

interface Answered {
  readonly value: readonly ConversionRecord[];
  readonly nextLink?: string;
  readonly error: { readonly code: string; readonly details?: readonly { target: string }[] };
}

async function history({ ask }: SimulatedApp, query = '') {
  const { status, body } = await ask('GET', `/api/history${query}`);
  return { status, body: body as Answered };
}

test('shows all records, the newest first', async () => {
  const { status, body } = await history(await withHistory());

  expect(status).toBe(200);
  expect(body.value.map(({ id }) => id)).toEqual(['4', '3', '2', '1']);
  expect(body.value[3]).toEqual(nth(1));
  expect(body.nextLink).toBeUndefined();
});

test.for<[query: string, ids: string]>([
  [`target=${encodeURIComponent(vmId('VM-2'))}`, '2'],
  ['outcome=failed', '2'],
  ['outcome=under-way', '4'],
  ['requestedBy=Anna%40contoso.com', '3'],
  ['requestedBy=sweep', '4 2 1'],
  ['since=2026-03-03', '4 3'],
  ['until=2026-03-03T01%3A00%3A00%2B02%3A00', '2 1'],
  ['since=2026-03-02&until=2026-03-03T00:00:00Z', '2'],
  ['since=2026-03-02&outcome=converted', '3'],
  ['outcome=blocked', ''],
])('finds by %s', async ([query, ids]) => {
  const { body } = await history(await withHistory(), `?${query}`);

  expect(body.value.map(({ id }) => id).join(' ')).toBe(ids);
});

test('goes by pages that keep the filter and leave the key out', async () => {
  const app = await withHistory();
  const first = await history(app, '?requestedBy=sweep&top=2&code=secret');
  const link = new URL(first.body.nextLink ?? '');
  const second = await history(app, link.search);

  expect(first.body.value.map(({ id }) => id)).toEqual(['4', '2']);
  expect(link.href).not.toContain('secret');
  expect(`${link.origin}${link.pathname}`).toBe(`${app.host.url}/api/history`);
  expect(second.body.value.map(({ id }) => id)).toEqual(['1']);
  expect(second.body.nextLink).toBeUndefined();
});

test.for<[what: string, query: string, accept: string]>([
  ['format', '?format=csv&top=3', '*/*'],
  ['header', '?top=3', 'text/csv;q=1, application/json'],
])('gives CSV as the %s asks, with a link to the next page', async ([, query, accept]) => {
  const { host } = await withHistory();
  const url = `${host.url}/api/history${query}`;
  const response = await host.request(new Request(url, { headers: { accept } }));
  const lines = (await response.text()).trimEnd().split('\r\n');
  const next = /^<(.*)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1] ?? '';
  const rest = await host.request(new Request(next, { headers: { accept } }));

  expect(response.headers.get('content-type')).toMatch(/^text\/csv/);
  expect(lines.map((line) => line.split(',')[0])).toEqual(['id', '4', '3', '2']);
  expect((await rest.text()).trimEnd().split('\r\n')[1]).toMatch(/^1,/);
  expect(rest.headers.get('link')).toBeNull();
});

test.for<[query: string, target: string | undefined]>([
  ['top=0', 'top'],
  ['top=501', 'top'],
  ['top=x', 'top'],
  ['since=yesterday', 'since'],
  ['until=2026-13-01', 'until'],
  ['outcome=No%20way', 'outcome'],
  ['target=', 'target'],
  ['format=xml', 'format'],
  ['colour=red', ''],
  ['skipToken=x', undefined],
  ['skipToken=', undefined],
])('refuses %s', async ([query, target]) => {
  const { status, body } = await history(await withHistory(), `?${query}`);

  expect([status, body.error.code]).toEqual([400, 'InvalidQueryParameter']);
  expect(body.error.details?.[0]?.target).toBe(target);
});

test('says that the journal cannot be read, and when to come back', async () => {
  const table: Table = {
    ...sqliteTable(':memory:'),
    query: async () => {
      throw new StoreUnavailableError('query rows', { code: 'ServerBusy' });
    },
  };
  const { host } = await anApp(table);

  const response = await host.request(new Request(`${host.url}/api/history`));

  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('10');
  expect(await response.json()).toMatchObject({ error: { code: 'JournalUnavailable' } });
});
