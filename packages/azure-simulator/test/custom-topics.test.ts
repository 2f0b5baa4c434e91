import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeToken } from '../src/identity/tokens.ts';
import { anAzureToWrite, anEndpoint } from './an-endpoint.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const TOPIC_URL = 'https://orders.westeurope-1.eventgrid.azure.net/api/events';
const EVENT = {
  id: 'e-1',
  subject: 'orders/1',
  eventType: 'Contoso.Orders.Placed',
  eventTime: '2026-01-02T03:04:05Z',
  dataVersion: '1',
  data: { total: 12 },
};
const CLOUD_EVENT = {
  id: 'c-1',
  source: '/shop',
  type: 'Contoso.Orders.Placed',
  specversion: '1.0',
  tenant: 'north',
  data: 'text',
};

async function aTopic(properties: object = {}) {
  const endpoint = anEndpoint();
  const azure = anAzureToWrite({ deliverWebhook: endpoint.deliver });
  const topic = `${azure.group}/providers/Microsoft.EventGrid/topics/orders`;
  const made = await azure.arm('PUT', topic, { location: 'westeurope', properties });
  const { key1, key2 } = (await (await azure.arm('POST', `${topic}/listKeys`)).json()) as {
    key1: string;
    key2: string;
  };
  const subscribe = (more: object = {}, path = `${topic}/eventSubscriptions/all`) =>
    azure.arm('PUT', path, {
      properties: {
        destination: {
          endpointType: 'WebHook',
          properties: { endpointUrl: 'https://a.example/b' },
        },
        ...more,
      },
    });
  const publish = (body: unknown, headers: Record<string, string> = { 'aeg-sas-key': key1 }) =>
    azure.handle(
      new Request(`${TOPIC_URL}?api-version=2018-01-01`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    );
  return { ...azure, ...endpoint, topic, made, key1, key2, subscribe, publish };
}

async function refusal(response: Response) {
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  return { status: response.status, ...error };
}

test('a custom topic is made, read, listed, given new keys and deleted', async () => {
  const { arm, topic, made, group, subscriptionId, key1, key2 } = await aTopic();

  expect(made.status).toBe(201);
  await vi.advanceTimersByTimeAsync(5_000);
  const shown = await (await arm('GET', topic)).json();
  expect(shown).toMatchObject({
    id: topic,
    location: 'westeurope',
    properties: { provisioningState: 'Succeeded', endpoint: TOPIC_URL },
  });
  for (const place of [group, `/subscriptions/${subscriptionId}`]) {
    const listed = await arm('GET', `${place}/providers/Microsoft.EventGrid/topics`);
    expect(await listed.json()).toEqual({ value: [shown] });
  }
  const renewed = await arm('POST', `${topic}/regenerateKey`, { keyName: 'key1' });
  expect(await renewed.json()).toEqual({ key1: expect.not.stringMatching(key1), key2 });
  expect((await arm('DELETE', topic)).status).toBe(202);
  expect((await arm('DELETE', topic)).status).toBe(204);
  expect((await arm('GET', topic)).status).toBe(404);
});

test('an event that is published arrives with its topic', async () => {
  const { subscribe, publish, received, topic } = await aTopic();
  await subscribe({ filter: { includedEventTypes: ['Contoso.Orders.Placed'] } });

  const answered = await publish([EVENT, { ...EVENT, id: 'e-2', eventType: 'Contoso.Other' }]);
  await vi.advanceTimersByTimeAsync(2_000);

  expect([answered.status, await answered.text()]).toEqual([200, '']);
  expect(received.map(({ event }) => event)).toEqual([{ ...EVENT, topic, metadataVersion: '1' }]);
});

test('an event of a custom topic arrives as a CloudEvent where that is wanted', async () => {
  const { subscribe, publish, received, topic } = await aTopic();
  await subscribe({ eventDeliverySchema: 'CloudEventSchemaV1_0' });

  await publish([EVENT]);
  await vi.advanceTimersByTimeAsync(2_000);

  expect(received[0]?.event).toMatchObject({ id: 'e-1', source: topic, specversion: '1.0' });
});

test.for<[type: string, body: unknown]>([
  ['application/cloudevents+json', CLOUD_EVENT],
  ['application/cloudevents-batch+json; charset=utf-8', [CLOUD_EVENT]],
])('CloudEvents arrive as they came: %s', async ([type, body]) => {
  const { subscribe, publish, received, key2 } = await aTopic({
    inputSchema: 'CloudEventSchemaV1_0',
  });
  await subscribe({
    filter: { advancedFilters: [{ operatorType: 'StringIn', key: 'tenant', values: ['north'] }] },
  });

  const answered = await publish(body, { 'content-type': type, 'aeg-sas-key': key2 });
  await vi.advanceTimersByTimeAsync(2_000);

  expect(answered.status).toBe(200);
  expect(received.map(({ event }) => event)).toEqual([CLOUD_EVENT]);
});

test.for<[what: string, body: unknown, part: string]>([
  ['no array', EVENT, 'Token Expected: StartArray'],
  ['no JSON', '[', 'Token Expected: StartArray'],
  ['no subject', [{ ...EVENT, subject: '' }], 'Event 0: subject must be a text'],
  ['no time', [EVENT, { ...EVENT, eventTime: 'soon' }], 'Event 1: eventTime must be a time'],
  ['another topic', [{ ...EVENT, topic: '/subscriptions/x' }], 'the ID of this topic'],
  ['another version', [{ ...EVENT, metadataVersion: '2' }], 'metadataVersion'],
  ['a CloudEvent', [CLOUD_EVENT], 'subject, eventType, eventTime must be a text'],
])('a request is refused as a whole: %s', async ([, body, part]) => {
  const { subscribe, publish, received } = await aTopic();
  await subscribe();

  const refused = await refusal(await publish(body));
  await vi.advanceTimersByTimeAsync(2_000);

  expect(refused).toMatchObject({ status: 400, code: 'BadRequest' });
  expect(refused.message).toContain(part);
  expect(received).toEqual([]);
});

test.for<[what: string, event: object, part: string]>([
  ['another version', { ...CLOUD_EVENT, specversion: '0.3' }, 'specversion must be 1.0'],
  ['two kinds of data', { ...CLOUD_EVENT, data_base64: 'AQ==' }, 'exclude each other'],
  ['capitals in a name', { ...CLOUD_EVENT, Tenant: 'x' }, 'Tenant is no name'],
  ['no source', { ...CLOUD_EVENT, source: undefined }, 'source must be a text'],
])('a CloudEvent is refused: %s', async ([, event, part]) => {
  const { publish } = await aTopic({ inputSchema: 'CloudEventSchemaV1_0' });

  const { status, message } = await refusal(await publish([event]));

  expect(status).toBe(400);
  expect(message).toContain(part);
});

test('what is too large is refused', async () => {
  const { publish } = await aTopic();

  const large = [{ ...EVENT, data: 'x'.repeat(2 ** 20) }];
  expect(await refusal(await publish(large))).toMatchObject({ status: 413 });
  const many = Array.from({ length: 5001 }, () => ({ ...EVENT, data: null }));
  expect(await refusal(await publish(many))).toMatchObject({ status: 413 });
});

test('only a key of the topic, or a role on it, lets publish', async () => {
  const { publish, estate, identity, topic } = await aTopic();
  const bearer = (audience: string) => ({
    authorization: `Bearer ${makeToken(identity, audience).token}`,
  });
  const grid = bearer('https://eventgrid.azure.net');

  expect(await refusal(await publish([EVENT], {}))).toMatchObject({ status: 401 });
  expect(await refusal(await publish([EVENT], { 'aeg-sas-key': 'x' }))).toMatchObject({
    status: 401,
    code: 'Unauthorized',
    message: expect.stringContaining('ORDERS.WESTEUROPE-1.EVENTGRID.AZURE.NET'),
  });
  // An Owner may not by that alone.
  expect(await refusal(await publish([EVENT], grid))).toMatchObject({
    status: 401,
    message: expect.stringContaining('does not have permission to send data'),
  });
  const role = 'EventGrid Data Sender';
  estate.addRoleAssignment({ principal: identity.objectId, role, scope: topic });
  expect((await publish([EVENT], grid)).status).toBe(200);
  const wrong = bearer('https://management.azure.com');
  expect(await refusal(await publish([EVENT], wrong))).toMatchObject({ status: 401 });
});

test('keys are refused where local authentication is off', async () => {
  const { publish, arm, topic } = await aTopic();

  await arm('PATCH', topic, { properties: { disableLocalAuth: true } });

  expect(await refusal(await publish([EVENT]))).toMatchObject({ status: 401 });
});

test('a topic that is not there has no host', async () => {
  const { handle } = anAzureToWrite();

  expect((await handle(new Request(TOPIC_URL, { method: 'POST' }))).status).toBe(501);
});

test('a topic of CloudEvents delivers nothing else', async () => {
  const { subscribe } = await aTopic({ inputSchema: 'CloudEventSchemaV1_0' });

  expect(await refusal(await subscribe({ eventDeliverySchema: 'EventGridSchema' }))).toMatchObject({
    status: 400,
  });
  expect((await subscribe()).status).toBe(201);
});

test('one event subscription of a topic is found at both of its addresses', async () => {
  const { arm, subscribe, topic } = await aTopic();
  const extension = `${topic}/providers/Microsoft.EventGrid/eventSubscriptions/all`;

  await subscribe({}, extension);

  expect(await (await arm('GET', extension)).json()).toMatchObject({
    id: extension,
    type: 'Microsoft.EventGrid/eventSubscriptions',
    properties: { topic },
  });
  expect(await (await arm('GET', `${topic}/eventSubscriptions/all`)).json()).toMatchObject({
    id: `${topic}/eventSubscriptions/all`,
    type: 'Microsoft.EventGrid/topics/eventSubscriptions',
  });
  expect((await arm('DELETE', `${topic}/eventSubscriptions/all`)).status).toBe(202);
  expect((await arm('GET', extension)).status).toBe(404);
});
