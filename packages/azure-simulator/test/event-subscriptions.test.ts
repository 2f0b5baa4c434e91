import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SimulatorOptions } from '../src/simulator.ts';
import { type Answered, anAzureToWrite, anEndpoint } from './an-endpoint.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const NAMESPACE = 'providers/Microsoft.EventGrid';
const WEBHOOK = {
  endpointType: 'WebHook',
  properties: { endpointUrl: 'https://receiver.example/events?code=secret' },
};

function anAzure(answers: readonly Answered[] = [], options: SimulatorOptions = {}) {
  const endpoint = anEndpoint(answers);
  const azure = anAzureToWrite({ deliverWebhook: endpoint.deliver, ...options });
  const whole = `/subscriptions/${azure.subscriptionId}`;
  const subscribe = (scope: string, properties: object = {}, name = 'all') =>
    azure.arm('PUT', `${scope}/${NAMESPACE}/eventSubscriptions/${name}`, {
      properties: { destination: WEBHOOK, ...properties },
    });
  return { ...azure, ...endpoint, whole, subscribe };
}

/** Subscribing is a write as well. */
const onlyDisks = {
  includedEventTypes: ['Microsoft.Resources.ResourceWriteSuccess'],
  advancedFilters: [{ operatorType: 'StringContains', key: 'subject', values: ['/disks/'] }],
};

describe('without a topic of one’s own', () => {
  test('a subscription, and a group of it, have events', async () => {
    const { whole, group, subscribe, write, received, estate, handle } = anAzure();
    const other = estate.addDisk({ name: 'elsewhere', group: 'rg-other' });
    const filter = { ...onlyDisks, subjectEndsWith: 'where' };
    await subscribe(whole, { filter }, 'whole');
    await subscribe(group, { filter: { ...onlyDisks, subjectEndsWith: 'disk-1' } }, 'group');
    await subscribe(group, { filter }, 'not-here');

    await write('disk-1');
    await handle(
      new Request(`https://management.azure.com${other}?api-version=2024-03-02`, {
        method: 'PATCH',
        headers: { authorization: 'Bearer static', 'content-type': 'application/json' },
        body: JSON.stringify({ tags: { a: '1' } }),
      }),
    );
    await vi.advanceTimersByTimeAsync(5_000);

    const seen = received.map(({ headers, event }) => [
      headers.get('aeg-subscription-name'),
      event['topic'],
    ]);
    expect(seen.toSorted()).toEqual([
      ['GROUP', group],
      ['WHOLE', whole],
    ]);
  });

  test('a key vault tells of a new version', async () => {
    const { estate, subscribe, received, handle } = anAzure();
    const vault = estate.addVault({ name: 'kv-1', keys: [{ name: 'disks' }], firewall: 'none' });
    await subscribe(vault);
    await vi.advanceTimersByTimeAsync(10);

    await handle(
      new Request('https://kv-1.vault.azure.net/keys/disks/rotate?api-version=7.4', {
        method: 'POST',
        headers: { authorization: 'Bearer static' },
      }),
    );
    await vi.advanceTimersByTimeAsync(2_000);

    expect(received.map(({ event }) => [event['eventType'], event['topic']])).toEqual([
      ['Microsoft.KeyVault.KeyNewVersionCreated', vault],
    ]);
  });

  test('other resources have none here, and those that are missing are not found', async () => {
    const { subscribe, group } = anAzure();
    const compute = `${group}/providers/Microsoft.Compute/disks`;

    expect((await subscribe(`${compute}/disk-1`)).status).toBe(501);
    expect((await subscribe(`${compute}/nothing`)).status).toBe(404);
    expect((await subscribe(`${group}-not`)).status).toBe(404);
  });

  test('lists tell the global ones from those of a region', async () => {
    const { arm, whole, group, subscribe, estate } = anAzure();
    const vault = estate.addVault({ name: 'kv-1' });
    await subscribe(whole, {}, 'a');
    await subscribe(group, {}, 'b');
    await subscribe(vault, {}, 'c');
    const names = async (path: string) => {
      const { value } = (await (await arm('GET', path)).json()) as { value: { name: string }[] };
      return value.map(({ name }) => name).join('');
    };

    const tail = 'eventSubscriptions';
    expect(await names(`${whole}/${NAMESPACE}/${tail}`)).toBe('ab');
    expect(await names(`${group}/${NAMESPACE}/${tail}`)).toBe('b');
    const type = 'topicTypes/Microsoft.Resources.Subscriptions';
    expect(await names(`${whole}/${NAMESPACE}/${type}/${tail}`)).toBe('a');
    expect(await names(`${whole}/${NAMESPACE}/locations/westeurope/${tail}`)).toBe('c');
    expect(await names(`${group}/${NAMESPACE}/locations/northeurope/${tail}`)).toBe('');
    expect(await names(`${vault}/${NAMESPACE}/${tail}`)).toBe('c');
  });
});

describe('an event subscription', () => {
  test('shows no secret, but for whoever asks for the full URL', async () => {
    const { arm, whole, subscribe } = anAzure();
    await subscribe(whole);

    const path = `${whole}/${NAMESPACE}/eventSubscriptions/all`;
    expect(await (await arm('GET', path)).text()).not.toContain('secret');
    expect(await (await arm('POST', `${path}/getFullUrl`)).json()).toEqual({
      endpointUrl: WEBHOOK.properties.endpointUrl,
    });
  });

  test('is changed in parts', async () => {
    const { arm, whole, subscribe, write, received } = anAzure();
    await subscribe(whole, { filter: onlyDisks, labels: ['a'] });
    const path = `${whole}/${NAMESPACE}/eventSubscriptions/all`;

    const filter = { ...onlyDisks, subjectEndsWith: 'disk-2' };
    const changed = await arm('PATCH', path, { filter });
    await vi.advanceTimersByTimeAsync(10);
    await write('disk-1');
    await write('disk-2');
    await vi.advanceTimersByTimeAsync(2_000);

    expect(changed.status).toBe(201);
    expect(await (await arm('GET', path)).json()).toMatchObject({
      properties: { labels: ['a'], filter, destination: { endpointType: 'WebHook' } },
    });
    expect(received.map(({ event }) => String(event['subject']).slice(-6))).toEqual(['disk-2']);
    expect((await arm('PATCH', path, { retryPolicy: { maxDeliveryAttempts: 0 } })).status).toBe(
      400,
    );
    expect((await arm('PATCH', `${path}-not`, { filter })).status).toBe(404);
  });

  test('ends when it said it would', async () => {
    const { whole, subscribe, write, received } = anAzure();
    const expirationTimeUtc = new Date(Date.now() + 60_000).toISOString();
    await subscribe(whole, { filter: onlyDisks, expirationTimeUtc });

    await write();
    await vi.advanceTimersByTimeAsync(60_000);
    await write();
    await vi.advanceTimersByTimeAsync(5_000);

    expect(received).toHaveLength(1);
  });
});

describe('batches', () => {
  const batched = (maxEventsPerBatch: number, more: object = {}) => ({
    destination: {
      ...WEBHOOK,
      properties: { ...WEBHOOK.properties, maxEventsPerBatch, ...more },
    },
    filter: onlyDisks,
  });

  /** What waits goes together: here it waits for the validation. */
  async function sentTogether(
    count: number,
    properties: object,
    answers: readonly Answered[] = [],
  ) {
    const endpoint = anEndpoint(answers);
    let letIn = () => {};
    const gate = new Promise<void>((resolve) => {
      letIn = resolve;
    });
    const slow = anAzureToWrite({
      deliverWebhook: async (request) => {
        if (request.headers.get('aeg-event-type') !== 'Notification') await gate;
        return endpoint.deliver(request);
      },
    });
    const whole = `/subscriptions/${slow.subscriptionId}`;
    await slow.arm('PUT', `${whole}/${NAMESPACE}/eventSubscriptions/all`, { properties });
    for (let index = 1; index <= count; index += 1) {
      slow.estate.addDisk({ name: `many-${index}` });
      await slow.write(`many-${index}`);
    }
    await vi.advanceTimersByTimeAsync(2_000);
    letIn();
    await vi.advanceTimersByTimeAsync(10);
    return endpoint;
  }

  test('hold as many events as are allowed', async () => {
    const { bodies } = await sentTogether(5, batched(2));

    expect(bodies.map((body) => body.length)).toEqual([2, 2, 1]);
  });

  test('are no larger than is preferred, but for a single event', async () => {
    const { bodies } = await sentTogether(5, batched(5, { preferredBatchSizeInKilobytes: 4 }));

    // An event of a disk has more than one and less than two kilobytes.
    expect(bodies.map((body) => body.length)).toEqual([2, 2, 1]);
  });

  test('of CloudEvents say that they are', async () => {
    const { bodies, received } = await sentTogether(2, {
      ...batched(10),
      eventDeliverySchema: 'CloudEventSchemaV1_0',
    });

    expect(bodies).toHaveLength(1);
    expect(received[0]?.headers.get('content-type')).toBe(
      'application/cloudevents-batch+json; charset=utf-8',
    );
  });

  test('are taken as a whole, or come again', async () => {
    const { bodies, received } = await sentTogether(3, batched(10), [500]);
    await vi.advanceTimersByTimeAsync(10_000);

    expect(bodies.map((body) => body.length)).toEqual([3, 3]);
    expect(received.map(({ headers }) => headers.get('aeg-delivery-count'))).toEqual(['0', '1']);
  });

  test('keep their limits', async () => {
    const { whole, subscribe } = anAzure();

    expect((await subscribe(whole, batched(5001))).status).toBe(400);
    expect(
      (await subscribe(whole, batched(1, { preferredBatchSizeInKilobytes: 1025 }))).status,
    ).toBe(400);
  });
});

describe('a function', () => {
  const functionId = (group: string) =>
    `${group}/providers/Microsoft.Web/sites/keyturn/functions/onDiskWritten`;
  const toFunction = (group: string) => ({
    destination: { endpointType: 'AzureFunction', properties: { resourceId: functionId(group) } },
    filter: onlyDisks,
  });
  const URL_OF_TRIGGER = 'http://127.0.0.1:7071/runtime/webhooks/eventgrid?functionName=f';

  function anAzureWithAFunction(answers: readonly Answered[] = []) {
    const { group } = anAzureToWrite();
    return anAzure(answers, { endpoints: { [functionId(group).toUpperCase()]: URL_OF_TRIGGER } });
  }

  test('gets events at the URL that is given for it, without a validation', async () => {
    const { group, whole, subscribe, write, received, arm, truth } = anAzureWithAFunction();

    await subscribe(whole, toFunction(group));
    await vi.advanceTimersByTimeAsync(10);
    await write();
    await vi.advanceTimersByTimeAsync(2_000);

    expect(received).toHaveLength(1);
    expect(truth().subscriptions).toMatchObject([{ state: 'active' }]);
    const shown = await arm('GET', `${whole}/${NAMESPACE}/eventSubscriptions/all`);
    expect(await shown.json()).toMatchObject({
      properties: { destination: toFunction(group).destination },
    });
  });

  test.for<[status: number, waitS: number]>([
    [401, 300],
    [404, 300],
    [408, 120],
    [503, 30],
  ])('that answers %i is asked again after %i s', async ([status, waitS]) => {
    const { group, whole, subscribe, write, received } = anAzureWithAFunction([status]);
    await subscribe(whole, toFunction(group));
    await vi.advanceTimersByTimeAsync(10);
    await write();
    await vi.advanceTimersByTimeAsync(1_000);

    await vi.advanceTimersByTimeAsync(waitS * 1000 - 1_000);
    expect(received).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(received).toHaveLength(2);
  });

  test('that nobody knows is refused', async () => {
    const { group, whole, subscribe } = anAzure();

    const refused = await subscribe(whole, toFunction(group));

    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('Destination endpoint not found');
  });
});

describe('a storage queue', () => {
  const toQueue = (resourceId: string, queueName = 'disk-events') => ({
    destination: { endpointType: 'StorageQueue', properties: { resourceId, queueName } },
    filter: onlyDisks,
  });

  test('keeps the events', async () => {
    const { whole, subscribe, estate, write, truth } = anAzure();
    await subscribe(whole, toQueue(estate.addStorageAccount({ name: 'stevents' })));
    await vi.advanceTimersByTimeAsync(10);

    await write('disk-1');
    await vi.advanceTimersByTimeAsync(2_000);

    expect(truth()).toMatchObject({
      pendingEvents: 0,
      queues: [
        {
          account: 'stevents',
          queue: 'disk-events',
          messages: [{ subject: expect.stringContaining('disk-1') }],
        },
      ],
    });
  });

  test('of an account that is not there, or with an impossible name, is refused', async () => {
    const { whole, subscribe, estate, group } = anAzure();
    const missing = `${group}/providers/Microsoft.Storage/storageAccounts/stnothing`;
    const account = estate.addStorageAccount({ name: 'stevents' });

    expect((await subscribe(whole, toQueue(missing))).status).toBe(400);
    expect((await subscribe(whole, toQueue(account, 'Disk_Events'))).status).toBe(400);
  });
});

test('an identity to deliver with is shown, and its destination gets the events', async () => {
  const { whole, arm, write, received } = anAzure();
  const deliveryWithResourceIdentity = {
    identity: { type: 'SystemAssigned' },
    destination: {
      ...WEBHOOK,
      properties: {
        ...WEBHOOK.properties,
        azureActiveDirectoryTenantId: '8a1b6c3e-2f4d-4e5a-9b7c-6d0e1f2a3b4c',
        azureActiveDirectoryApplicationIdOrUri: 'api://keyturn',
      },
    },
  };
  const path = `${whole}/${NAMESPACE}/eventSubscriptions/all`;

  await arm('PUT', path, { properties: { deliveryWithResourceIdentity, filter: onlyDisks } });
  await vi.advanceTimersByTimeAsync(10);
  await write();
  await vi.advanceTimersByTimeAsync(2_000);

  expect(received).toHaveLength(1);
  const shown = await (await arm('GET', path)).json();
  expect(shown).toMatchObject({
    properties: {
      deliveryWithResourceIdentity: {
        destination: { properties: { azureActiveDirectoryApplicationIdOrUri: 'api://keyturn' } },
      },
    },
  });
  expect(JSON.stringify(shown)).not.toContain('secret');
});
