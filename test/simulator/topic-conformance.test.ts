import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Exchange } from '../../src/simulator/gateway.ts';
import { anAzureToWrite, anEndpoint } from './an-endpoint.ts';
import { unexplained } from './explained.ts';
import { JUDGE, judge } from './judge.ts';

test('system topics and keys are what the official documents describe', async ({ skip }) => {
  skip(!existsSync(JUDGE), 'the official documents are not beside this checkout');
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
