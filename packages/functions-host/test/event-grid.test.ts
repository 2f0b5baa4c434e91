import { app } from '@azure/functions';
import * as df from 'durable-functions';
import { expect, test } from 'vitest';
import { aHost, send } from './a-host.ts';

const PATH = '/runtime/webhooks/eventgrid?functionName=onEvent';
const NOTIFICATION = { 'aeg-event-type': 'Notification' };
const anEvent = (id: string) => ({ id, eventType: 'Test.Happened', data: { id } });

async function aListener(options: Parameters<typeof aHost>[0] = {}) {
  const seen: string[] = [];
  const host = await aHost({
    ...options,
    load: () => {
      app.eventGrid('onEvent', {
        handler: (event) => {
          seen.push(event.id);
          if (event.id.startsWith('bad')) throw new Error('refused');
        },
      });
      app.timer('tick', { schedule: '0 0 0 1 1 *', handler: () => undefined });
    },
  });
  return { host, seen };
}

test.for<[what: string, body: unknown, status: number, seen: string[]]>([
  ['one', [anEvent('1')], 202, ['1']],
  ['a bare event', anEvent('1'), 202, ['1']],
  ['several', [anEvent('1'), anEvent('2')], 202, ['1', '2']],
  ['none', [], 202, []],
  ['one that fails among others', [anEvent('bad'), anEvent('2')], 500, ['bad', '2']],
  ['malformed JSON', '[{"id":', 500, []],
  ['an empty body', '', 500, []],
  ['numbers', [1, 2], 500, []],
  ['null', 'null', 500, []],
  ['nested arrays', [[anEvent('1')]], 500, []],
])('delivers %s', async ([, body, status, expected]) => {
  const { host, seen } = await aListener();

  const response = await send(host, 'POST', PATH, body, NOTIFICATION);

  expect([response.status, seen]).toEqual([status, expected]);
});

test.for<[data: unknown, status: number]>([
  [{ validationCode: 'c' }, 200],
  [JSON.stringify({ validationCode: 'c' }), 200],
  [{ validationCode: 7 }, 400],
  ['no JSON', 400],
  [null, 400],
  [undefined, 400],
])('answers the handshake for %j', async ([data, status]) => {
  const { host } = await aListener();

  const response = await send(host, 'POST', PATH, [{ data }], {
    'aeg-event-type': 'SubscriptionValidation',
  });

  expect(response.status).toBe(status);
  if (status === 200) expect(await response.json()).toEqual({ validationResponse: 'c' });
});

test.for(['noSuch', 'tick', '', '__proto__', 'constructor'])('knows no %j', async (name) => {
  const { host } = await aListener();

  const path = `/runtime/webhooks/eventgrid?functionName=${name}`;
  const response = await send(host, 'POST', path, [anEvent('1')], NOTIFICATION);

  expect([response.status, await response.text()]).toEqual([
    404,
    `cannot find function: '${name}'`,
  ]);
});

test('takes the key for Event Grid and the master key only', async () => {
  const keys = { master: 'm', function: 'f', eventGrid: 'e', durableTask: 'd' };
  const { host, seen } = await aListener({ keys });

  const statuses = [];
  for (const code of ['', 'x', 'f', 'd', 'e', 'm']) {
    const response = await send(
      host,
      'POST',
      `${PATH}&code=${code}`,
      [anEvent(code)],
      NOTIFICATION,
    );
    statuses.push(response.status);
  }

  expect(statuses).toEqual([401, 401, 403, 403, 202, 202]);
  expect(seen).toEqual(['e', 'm']);
});

test('refuses an event over one mebibyte', async () => {
  const { host, seen } = await aListener();

  const event = { ...anEvent('1'), data: 'x'.repeat(1_048_576) };
  const response = await send(host, 'POST', PATH, [event], NOTIFICATION);

  expect([response.status, seen]).toEqual([413, []]);
});

test('an event starts an instance through the durable client', async () => {
  const host = await aHost({
    load: () => {
      df.app.orchestration('convert', function* (context) {
        return yield context.df.waitForExternalEvent('never');
      });
      app.eventGrid('onEvent', {
        extraInputs: [df.input.durableClient()],
        handler: async (event, context) => {
          const client = df.getClient(context);
          await client.startNew('convert', { instanceId: event.id, input: event.data });
        },
      });
    },
  });

  const first = await send(host, 'POST', PATH, [anEvent('disk-1')], NOTIFICATION);
  const second = await send(host, 'POST', PATH, [anEvent('disk-1')], NOTIFICATION);

  expect([first.status, second.status]).toEqual([202, 500]);
});
