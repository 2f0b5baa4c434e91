import { expect, test } from 'vitest';
import type { Exchange } from '../src/gateway.ts';
import { anAzureToWrite, anEndpoint } from './an-endpoint.ts';
import { unexplained } from './explained.ts';
import { judge, NO_JUDGE } from './judge.ts';

test('system topics and keys are what the official documents describe', async ({ skip }) => {
  skip(NO_JUDGE !== null, NO_JUDGE ?? '');
  const exchanges: Exchange[] = [];
  const { arm, group, subscriptionId, estate, handle } = anAzureToWrite({
    record: (exchange) => exchanges.push(exchange),
    deliverWebhook: anEndpoint().deliver,
  });
  const topic = `${group}/providers/Microsoft.EventGrid/systemTopics/all-writes`;
  const source = `/subscriptions/${subscriptionId}`;
  const topicType = 'Microsoft.Resources.Subscriptions';
  const events = {
    properties: {
      destination: { endpointType: 'WebHook', properties: { endpointUrl: 'https://a.example/b' } },
      filter: {
        subjectBeginsWith: source,
        advancedFilters: [{ operatorType: 'StringIn', key: 'data.operationName', values: ['x'] }],
      },
      retryPolicy: { maxDeliveryAttempts: 10, eventTimeToLiveInMinutes: 60 },
    },
  };
  await arm('PUT', topic, { location: 'global', properties: { source, topicType } });
  await arm('GET', topic);
  await arm('GET', `${group}/providers/Microsoft.EventGrid/systemTopics`);
  await arm('GET', `${source}/providers/Microsoft.EventGrid/systemTopics`);
  await arm('PUT', `${topic}/eventSubscriptions/disks`, events);
  await arm('GET', `${topic}/eventSubscriptions/disks`);
  await arm('GET', `${topic}/eventSubscriptions`);
  await arm('GET', `${topic}/eventSubscriptions/nothing`);
  await arm('DELETE', `${topic}/eventSubscriptions/disks`);
  await arm('DELETE', topic);
  estate.addVault({ name: 'kv-1', keys: [{ name: 'disks' }, { name: 'gone', deleted: true }] });
  for (const tail of ['keys', 'keys/disks', 'keys/gone']) {
    const url = `https://management.azure.com${group}/providers/Microsoft.KeyVault/vaults/kv-1/${tail}?api-version=2023-07-01`;
    await handle(new Request(url, { headers: { authorization: 'Bearer static' } }));
  }

  const strict = await judge(exchanges.filter(({ kind }) => kind === undefined));

  expect(strict.pairs).toBe(13);
  expect(unexplained(strict.verdicts)).toEqual([]);
}, 60_000);

test('topics, event subscriptions and storage accounts are as described', async ({ skip }) => {
  skip(NO_JUDGE !== null, NO_JUDGE ?? '');
  const exchanges: Exchange[] = [];
  const { arm, handle, group, subscriptionId, estate } = anAzureToWrite({
    record: (exchange) => exchanges.push(exchange),
    deliverWebhook: anEndpoint().deliver,
  });
  const whole = `/subscriptions/${subscriptionId}`;
  const provider = 'providers/Microsoft.EventGrid';
  const account = estate.addStorageAccount({ name: 'stevents' });
  const vault = estate.addVault({ name: 'kv-1' });
  const webhook = {
    endpointType: 'WebHook',
    properties: { endpointUrl: 'https://a.example/b', maxEventsPerBatch: 10 },
  };
  const queue = {
    endpointType: 'StorageQueue',
    properties: { resourceId: account, queueName: 'events' },
  };
  const deadLetterDestination = {
    endpointType: 'StorageBlob',
    properties: { resourceId: account, blobContainerName: 'dead' },
  };
  const topics = ['EventGridSchema', 'CloudEventSchemaV1_0'].map((inputSchema) => ({
    id: `${group}/${provider}/topics/${inputSchema.slice(0, 5).toLowerCase()}`,
    inputSchema,
  }));
  for (const { id, inputSchema } of topics) {
    await arm('PUT', id, { location: 'westeurope', properties: { inputSchema } });
    await arm('PATCH', id, { tags: { a: '1' } });
    await arm('GET', id);
    await arm('POST', `${id}/listKeys`);
    await arm('POST', `${id}/regenerateKey`, { keyName: 'key1' });
    const events = `${id}/eventSubscriptions/all`;
    await arm('PUT', events, { properties: { destination: webhook, deadLetterDestination } });
    await arm('PATCH', events, { labels: ['a'] });
    await arm('GET', events);
    await arm('POST', `${events}/getFullUrl`);
    await arm('POST', `${events}/getDeliveryAttributes`);
    await arm('GET', `${id}/eventSubscriptions`);
    await arm('GET', `${id}/${provider}/eventSubscriptions/all`);
  }
  await arm('GET', `${group}/${provider}/topics`);
  await arm('GET', `${whole}/${provider}/topics`);
  for (const scope of [whole, group, vault]) {
    const events = `${scope}/${provider}/eventSubscriptions/all`;
    await arm('PUT', events, { properties: { destination: queue } });
    await arm('PATCH', events, { filter: { subjectEndsWith: 'x' } });
    await arm('GET', events);
    await arm('GET', `${scope}/${provider}/eventSubscriptions/none`);
  }
  for (const tail of ['', '/locations/westeurope', '/topicTypes/Microsoft.EventGrid.Topics']) {
    await arm('GET', `${whole}/${provider}${tail}/eventSubscriptions`);
    await arm('GET', `${group}/${provider}${tail}/eventSubscriptions`);
  }
  await arm('GET', `${vault}/${provider}/eventSubscriptions`);
  const [grid, cloud] = topics;
  for (const [path, event] of [
    [
      grid?.id,
      {
        subject: 's',
        eventType: 'a.b',
        eventTime: '2026-01-02T03:04:05Z',
        dataVersion: '1',
        data: {},
      },
    ],
    [cloud?.id, { source: '/s', type: 'a.b', specversion: '1.0', data: {} }],
  ] as const) {
    const { key1 } = (await (await arm('POST', `${path}/listKeys`)).json()) as { key1: string };
    const name = path?.slice(path.lastIndexOf('/') + 1);
    await handle(
      new Request(`https://${name}.westeurope-1.eventgrid.azure.net/api/events`, {
        method: 'POST',
        headers: { 'aeg-sas-key': key1, 'content-type': 'application/json' },
        body: JSON.stringify([{ id: '1', ...event }]),
      }),
    );
  }
  for (const { id } of topics) {
    await arm('DELETE', `${id}/eventSubscriptions/all`);
    await arm('DELETE', id);
  }
  for (const path of [account, account.slice(0, account.lastIndexOf('/'))]) {
    const url = `https://management.azure.com${path}?api-version=2023-05-01`;
    await handle(new Request(url, { headers: { authorization: 'Bearer static' } }));
  }

  const { pairs, verdicts } = await judge(exchanges.filter(({ kind }) => kind === undefined));

  expect(pairs).toBe(exchanges.filter(({ kind }) => kind === undefined).length);
  const refused = exchanges.filter(({ statusCode }) => statusCode >= 400);
  expect(refused.map(({ url }) => url).filter((url) => !url.includes('/none?'))).toEqual([]);
  expect(unexplained(verdicts)).toEqual([]);
}, 60_000);
