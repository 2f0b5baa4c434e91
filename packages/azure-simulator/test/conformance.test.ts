import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { exampleEstate } from '../src/example-estate.ts';
import type { Exchange } from '../src/gateway.ts';
import { createSimulator } from '../src/simulator.ts';
import { drivenBy } from './drive/driven.ts';
import { type Drive, EVERYTHING } from './drive/everything.ts';
import { EXPLAINED, unexplained } from './explained.ts';
import { judge, NO_JUDGE } from './judge.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Asks one service for one of everything, and lets the events of it be delivered. */
async function record(drive: Drive, exchanges: Exchange[]): Promise<readonly string[]> {
  const simulator = createSimulator({
    estate: exampleEstate(),
    record: (exchange) => exchanges.push(exchange),
  });
  for (const kind of ['resources', 'resource-notifications'] as const) {
    for (const schema of ['EventGridSchema', 'CloudEventSchemaV1_0'] as const) {
      simulator.subscribe({
        name: `${kind}-${schema}`,
        kind,
        schema,
        endpointUrl: 'https://receiver.example/events',
        deliver: async (request) => accept(request),
      });
    }
  }
  await drive(drivenBy(simulator));
  await vi.advanceTimersByTimeAsync(60_000);
  simulator.close();
  return simulator.truth().notSimulated;
}

async function accept(request: Request): Promise<Response> {
  const origin = request.headers.get('webhook-request-origin');
  if (origin) return new Response(null, { headers: { 'webhook-allowed-origin': origin } });
  const body = await request.json();
  const code = Array.isArray(body) ? body[0]?.data?.validationCode : undefined;
  return Response.json(code ? { validationResponse: code } : {});
}

test('the traffic is what the official documents describe', async ({ skip }) => {
  skip(NO_JUDGE !== null, NO_JUDGE ?? '');
  const exchanges: Exchange[] = [];
  const notSimulated: string[] = [];
  for (const drive of EVERYTHING) notSimulated.push(...(await record(drive, exchanges)));
  vi.useRealTimers();

  const strict = await judge(exchanges);
  const near = await judge(exchanges, '--near');

  expect(notSimulated).toEqual([]);
  expect(strict.pairs).toBe(exchanges.length);
  expect(unexplained(strict.verdicts)).toEqual([]);
  expect(unexplained(near.verdicts)).toEqual([]);
}, 120_000);

test('no more than ten pairs of operation and code are explained', () => {
  const pairs = EXPLAINED.map(([operationId, code]) => `${operationId} ${code}`);

  expect(new Set(pairs).size).toBe(pairs.length);
  expect(pairs.length).toBeLessThanOrEqual(10);
});
