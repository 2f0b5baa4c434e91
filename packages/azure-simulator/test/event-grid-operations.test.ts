import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { anAzureToWrite, anEndpoint } from './an-endpoint.ts';
import { object } from './json.ts';
import type { Json } from './recorded.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const PREVIEW = '2021-10-15-preview';
const NOBODY = { type: 'None', principalId: null, tenantId: null, userAssignedIdentities: null };
const URL_OF_STATUS = (place: string) =>
  new RegExp(
    `^https://management\\.azure\\.com:443/subscriptions/[^/]+/providers/Microsoft\\.EventGrid${place}/operationsStatus/[0-9A-F-]{36}\\?api-version=${PREVIEW}$`,
  );

function azure(reachable = true) {
  const { deliver } = anEndpoint();
  const it = anAzureToWrite(reachable ? { deliverWebhook: deliver } : {});
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await it.arm(method, path, body, PREVIEW);
    const text = await response.text();
    const status = response.headers.get('azure-asyncoperation') ?? '';
    return {
      status: response.status,
      body: (text === '' ? {} : JSON.parse(text)) as Json,
      operation: status,
      result: response.headers.get('location') ?? '',
    };
  };
  const watch = async (url: string) => {
    const headers = { authorization: 'Bearer static' };
    const response = await it.handle(new Request(url, { headers }));
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Json };
  };
  const provider = `${it.group}/providers/Microsoft.EventGrid`;
  const later = () => vi.advanceTimersByTimeAsync(10_000);
  return { ...it, call, watch, provider, later };
}

const TOPIC = {
  location: 'westeurope',
  sku: { name: 'Basic' },
  identity: { type: 'None' },
  kind: 'Azure',
  properties: { inputSchema: 'EventGridSchema', disableLocalAuth: false },
};
const EVENTS = {
  properties: {
    destination: {
      endpointType: 'WebHook',
      properties: { endpointUrl: 'https://receiver.example/api?code=secret' },
    },
    filter: { subjectBeginsWith: 'a', isSubjectCaseSensitive: false },
  },
};

test('a topic is made while it is watched, and has no endpoint before', async () => {
  const { call, watch, provider, later } = azure();
  const path = `${provider}/topics/orders`;

  const made = await call('PUT', path, TOPIC);
  const during = await watch(made.operation);
  await later();
  const after = await watch(made.operation);
  const shown = await call('GET', path);

  expect(made.status).toBe(201);
  expect(made.body).toEqual({
    name: 'orders',
    id: path,
    type: 'Microsoft.EventGrid/topics',
    ...TOPIC,
    identity: NOBODY,
    tags: null,
    systemData: null,
    properties: { provisioningState: 'Creating', endpoint: null, ...TOPIC.properties },
  });
  expect(made.operation).toMatch(URL_OF_STATUS('/locations/westeurope'));
  expect([during.body['status'], after.body['status']]).toEqual(['InProgress', 'Succeeded']);
  expect(after.body['name']).toBe(String(after.body['name']).toLowerCase());
  expect(shown.body).toMatchObject({
    ...{ identity: NOBODY, tags: null, systemData: null },
    properties: {
      provisioningState: 'Succeeded',
      endpoint: 'https://orders.westeurope-1.eventgrid.azure.net/api/events',
    },
  });
});

test('a system topic is made and changed while it is watched; one that is there is at once', async () => {
  const { call, watch, provider, later, subscriptionId } = azure();
  const path = `${provider}/systemTopics/all`;
  const source = `/subscriptions/${subscriptionId}`;
  const topic = {
    location: 'global',
    properties: { source, topicType: 'Microsoft.Resources.Subscriptions' },
  };

  const made = await call('PUT', path, topic);
  await later();
  const again = await call('PUT', path, topic);
  const changed = await call('PATCH', path, { identity: { type: 'SystemAssigned' } });
  await later();

  expect(made.operation).toMatch(URL_OF_STATUS(''));
  const states = [made, again, changed, await call('GET', path)].map(({ status, body }) => [
    status,
    object(body, 'properties')['provisioningState'],
  ]);
  expect(states).toEqual([
    [201, 'Creating'],
    [200, 'Succeeded'],
    [201, 'Updating'],
    [200, 'Succeeded'],
  ]);
  expect(again.operation).toBe('');
  expect((await watch(changed.operation)).body['status']).toBe('Succeeded');
  expect(changed.body['identity']).toMatchObject({
    type: 'SystemAssigned',
    principalId: expect.any(String),
    userAssignedIdentities: null,
  });
});

test('an event subscription shows what was asked, and its usual values once it is made', async () => {
  const { call, watch, provider, later } = azure();
  const path = `${provider}/eventSubscriptions/all`;
  const types = expect.arrayContaining(['Microsoft.Resources.ResourceWriteSuccess']);

  const made = await call('PUT', path, EVENTS);
  await later();
  const shown = await call('GET', path);

  expect(made).toMatchObject({ status: 201, operation: expect.stringMatching(URL_OF_STATUS('')) });
  const endpoint = { endpointUrl: null, endpointBaseUrl: 'https://receiver.example/api' };
  expect(made.body['properties']).toEqual({
    topic: path.split('/providers/')[0],
    provisioningState: 'Creating',
    destination: { endpointType: 'WebHook', properties: endpoint },
    filter: { subjectBeginsWith: 'a', includedEventTypes: types },
    labels: null,
    retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 },
  });
  expect(shown.body['properties']).toMatchObject({
    provisioningState: 'Succeeded',
    destination: { properties: { ...endpoint, maxEventsPerBatch: 1 } },
    filter: { subjectBeginsWith: 'a', subjectEndsWith: '', includedEventTypes: types },
    eventDeliverySchema: 'EventGridSchema',
  });
  expect([made.body['systemData'], shown.body['systemData']]).toEqual([null, null]);
  expect((await watch(made.operation)).body['status']).toBe('Succeeded');
});

test('who does not want events fails the operation', async () => {
  const { call, watch, provider, later } = azure(false);

  const made = await call('PUT', `${provider}/eventSubscriptions/all`, EVENTS);
  await later();

  const { body } = await watch(made.operation);
  expect(body).toMatchObject({ status: 'Failed', error: { code: 'Url validation' } });
  expect(JSON.stringify(body)).not.toContain('secret');
});

test('what is deleted is watched too, at two addresses', async () => {
  const { call, watch, provider, later } = azure();
  const topic = `${provider}/topics/orders`;
  await call('PUT', topic, TOPIC);
  await call('PUT', `${topic}/providers/Microsoft.EventGrid/eventSubscriptions/all`, EVENTS);

  for (const path of [`${topic}/eventSubscriptions/all`, topic]) {
    const deleted = await call('DELETE', path);
    const during = await watch(deleted.result);
    await later();

    expect([deleted.status, during.status]).toEqual([202, 202]);
    expect((await watch(deleted.operation)).body['status']).toBe('Succeeded');
    expect((await watch(deleted.result)).status).toBe(200);
    expect((await call('DELETE', path)).status).toBe(204);
  }
});

test('a topic that would not be open to all is not made', async () => {
  const { call, provider } = azure();

  for (const closed of [
    { publicNetworkAccess: 'Disabled' },
    { inboundIpRules: [{ ipMask: '192.0.2.0/24', action: 'Allow' }] },
  ]) {
    const asked = { ...TOPIC, properties: closed };
    expect((await call('PUT', `${provider}/topics/orders`, asked)).status).toBe(501);
  }
});
