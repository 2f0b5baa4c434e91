import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { anAzureToWrite, anEndpoint } from './an-endpoint.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const ENDPOINT = 'https://receiver.example/api/events?code=secret';

function anAzureWithATopic() {
  const endpoint = anEndpoint();
  const azure = anAzureToWrite({ deliverWebhook: endpoint.deliver });
  const topic = `${azure.group}/providers/Microsoft.EventGrid/systemTopics/all-writes`;
  const source = `/subscriptions/${azure.subscriptionId}`;
  const putTopic = (topicType = 'Microsoft.Resources.Subscriptions') =>
    azure.arm('PUT', topic, { location: 'global', properties: { source, topicType } });
  const putEvents = (properties: object) =>
    azure.arm('PUT', `${topic}/eventSubscriptions/disks`, {
      properties: {
        destination: { endpointType: 'WebHook', properties: { endpointUrl: ENDPOINT } },
        ...properties,
      },
    });
  return { ...azure, ...endpoint, topic, putTopic, putEvents };
}

test('a filter of a template decides which events arrive', async () => {
  const { putTopic, putEvents, arm, topic, write, received } = anAzureWithATopic();

  expect((await putTopic()).status).toBe(201);
  const created = await putEvents({
    filter: {
      includedEventTypes: ['Microsoft.Resources.ResourceWriteSuccess'],
      advancedFilters: [
        {
          operatorType: 'StringIn',
          key: 'data.operationName',
          values: ['Microsoft.Compute/disks/write'],
        },
        { operatorType: 'StringEndsWith', key: 'subject', values: ['/disk-2'] },
      ],
    },
  });
  await vi.advanceTimersByTimeAsync(10);
  const shown = await (await arm('GET', `${topic}/eventSubscriptions/disks`)).json();
  await write('disk-1');
  await write('disk-2');
  await vi.advanceTimersByTimeAsync(2_000);

  expect(created.status).toBe(201);
  expect(await created.json()).toMatchObject({ properties: { provisioningState: 'Creating' } });
  expect(shown).toMatchObject({
    id: `${topic}/eventSubscriptions/disks`,
    type: 'Microsoft.EventGrid/systemTopics/eventSubscriptions',
    properties: {
      provisioningState: 'Succeeded',
      topic,
      destination: { properties: { endpointBaseUrl: 'https://receiver.example/api/events' } },
      retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 },
    },
  });
  expect(JSON.stringify(shown)).not.toContain('secret');
  expect(received.map(({ event }) => String(event['subject']).slice(-6))).toEqual(['disk-2']);
});

test('an endpoint that fails the handshake leaves a failed subscription', async () => {
  const azure = anAzureToWrite();
  const topic = `${azure.group}/providers/Microsoft.EventGrid/systemTopics/t`;
  const source = `/subscriptions/${azure.subscriptionId}`;
  await azure.arm('PUT', topic, {
    properties: { source, topicType: 'Microsoft.ResourceNotifications.Resources' },
  });

  // The default reaches this machine only.
  await azure.arm('PUT', `${topic}/eventSubscriptions/far`, {
    properties: { destination: { properties: { endpointUrl: ENDPOINT } } },
  });
  await vi.advanceTimersByTimeAsync(10);

  expect(await (await azure.arm('GET', `${topic}/eventSubscriptions`)).json()).toMatchObject({
    value: [{ name: 'far', properties: { provisioningState: 'Failed' } }],
  });
});

test('mistakes are answered all at once', async () => {
  const { putTopic, putEvents } = anAzureWithATopic();
  await putTopic();

  const answered = await putEvents({
    destination: { endpointType: 'WebHook', properties: { endpointUrl: 'nowhere' } },
    eventDeliverySchema: 'Custom',
    retryPolicy: { maxDeliveryAttempts: 31, eventTimeToLiveInMinutes: 0 },
    filter: { advancedFilters: [{ operatorType: 'Like', key: 'a' }] },
  });

  expect(answered.status).toBe(400);
  const { error } = (await answered.json()) as { error: { code: string; message: string } };
  expect(error).toMatchObject({ code: 'InvalidRequest' });
  for (const part of [
    'endpointUrl must be a URL',
    'eventDeliverySchema must be one of',
    'maxDeliveryAttempts must be a whole number from 1 to 30',
    'eventTimeToLiveInMinutes must be a whole number from 1 to 1440',
    'advancedFilters[0]: there is no operator Like',
  ]) {
    expect(error.message).toContain(part);
  }
});

test.for<[what: string, properties: object]>([
  ['EventHub', { destination: { endpointType: 'EventHub', properties: {} } }],
  [
    'deliveryAttributeMappings',
    { destination: { properties: { endpointUrl: ENDPOINT, deliveryAttributeMappings: [{}] } } },
  ],
])('%s is not simulated, and said so', async ([what, properties]) => {
  const { putTopic, putEvents } = anAzureWithATopic();
  await putTopic();

  const answered = await putEvents(properties);

  expect(answered.status).toBe(501);
  expect(await answered.text()).toContain(what);
});

test('a topic type that is not simulated is answered 501', async () => {
  const { putTopic } = anAzureWithATopic();

  expect((await putTopic('Microsoft.KeyVault.vaults')).status).toBe(501);
});

test('a deleted subscription gets nothing more, and a deleted topic is gone', async () => {
  const { putTopic, putEvents, arm, topic, write, received, truth } = anAzureWithATopic();
  await putTopic();
  await putEvents({});
  await vi.advanceTimersByTimeAsync(2_000);
  received.length = 0;

  const events = `${topic}/eventSubscriptions/disks`;
  expect((await arm('DELETE', events)).status).toBe(202);
  expect((await arm('DELETE', events)).status).toBe(204);
  expect((await arm('GET', events)).status).toBe(404);
  await write();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(received).toEqual([]);
  expect(truth().subscriptions).toEqual([]);
  expect((await arm('DELETE', topic)).status).toBe(202);
  expect((await arm('GET', topic)).status).toBe(404);
  expect((await arm('DELETE', topic)).status).toBe(204);
});
