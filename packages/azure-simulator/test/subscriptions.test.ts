import { expect, test, vi } from 'vitest';
import type { EstateDescription } from '../src/estate/estate-description.ts';
import { parseEstate } from '../src/example-estate.ts';
import { createSimulator, type Simulator } from '../src/simulator.ts';
import { ask } from './ask.ts';
import { all, clientsOf, refusal } from './clients.ts';
import { list } from './json.ts';

const FIRST = '11111111-1111-4111-8111-111111111111';
const SECOND = '22222222-2222-4222-8222-222222222222';
const DISKS = "Resources | where type =~ 'microsoft.compute/disks'";

const ESTATE: EstateDescription = {
  subscriptionId: FIRST,
  subscriptions: [
    { id: FIRST, name: 'Production' },
    { id: SECOND, name: 'Test' },
  ],
  resourceGroups: [{ name: 'rg-test-apps', subscription: 'Test' }],
  virtualMachines: [
    { name: 'vm-a', group: 'rg-apps', dataDisks: 1 },
    { name: 'vm-b', group: 'rg-test-apps', dataDisks: 1 },
  ],
  disks: [
    { name: 'disk-a', group: 'rg-shared-name' },
    { name: 'disk-b', group: 'rg-shared-name', subscription: SECOND },
  ],
};

function twoSubscriptions(more: Partial<EstateDescription> = {}) {
  const simulator = createSimulator({ estate: { ...ESTATE, ...more } });
  return { simulator, ...clientsOf(simulator), other: clientsOf(simulator, SECOND) };
}

async function namesIn(items: AsyncIterable<{ name?: string }>): Promise<readonly string[]> {
  const names = (await all(items)).map(({ name = '' }) => name.replace(/_OsDisk.*/, '-os'));
  return names.toSorted();
}

test('lists what lies in the subscription, and nothing of the other one', async () => {
  const { compute, resources, other } = twoSubscriptions();

  expect(await namesIn(compute.disks.list())).toEqual(['disk-a', 'vm-a-data-1', 'vm-a-os']);
  expect(await namesIn(other.compute.disks.list())).toEqual(['disk-b', 'vm-b-data-1', 'vm-b-os']);
  expect(await namesIn(resources.resourceGroups.list())).toEqual(['rg-apps', 'rg-shared-name']);
  expect(await namesIn(other.resources.resourceGroups.list())).toEqual([
    'rg-shared-name',
    'rg-test-apps',
  ]);
  const disks = { filter: "resourceType eq 'Microsoft.Compute/disks'" };
  expect(await namesIn(other.resources.resources.list(disks))).toHaveLength(3);
});

test('groups of one name in two subscriptions are two groups', async () => {
  const { compute, other } = twoSubscriptions();

  expect(await namesIn(compute.disks.listByResourceGroup('rg-shared-name'))).toEqual(['disk-a']);
  expect(await refusal(other.compute.disks.get('rg-shared-name', 'disk-a'))).toEqual({
    code: 'ResourceNotFound',
    status: 404,
  });
  expect(await refusal(compute.disks.get('rg-test-apps', 'disk-b'))).toEqual({
    code: 'ResourceGroupNotFound',
    status: 404,
  });
});

test('a subscription that is not there is not found, whatever the caller may do', async () => {
  const { simulator } = twoSubscriptions();
  const { compute } = clientsOf(simulator, '33333333-3333-4333-8333-333333333333');

  expect(await refusal(compute.disks.get('rg', 'disk'))).toEqual({
    code: 'SubscriptionNotFound',
    status: 404,
  });
});

test('shows the subscriptions in which the caller has a role', async () => {
  const { simulator } = twoSubscriptions();
  const { simulator: limited } = twoSubscriptions({
    roleAssignments: [
      {
        principal: 'caller',
        role: 'Reader',
        scope: `/subscriptions/${SECOND}/resourceGroups/rg-test-apps`,
      },
    ],
  });
  const names = async (of: typeof simulator) => {
    const { body } = await ask(of, 'GET', '/subscriptions?api-version=2022-12-01');
    return list(body, 'value').map((it) => it['displayName']);
  };

  expect(await names(simulator)).toEqual(['Production', 'Test']);
  expect(await names(limited)).toEqual(['Test']);
});

test('a role in one subscription is none in the other', async () => {
  const { compute, other, graph } = twoSubscriptions({
    roleAssignments: [{ principal: 'caller', role: 'Reader', scope: `/subscriptions/${SECOND}` }],
  });

  const { data } = await graph.resources({ query: `${DISKS} | project subscriptionId` });

  expect((await other.compute.disks.get('rg-shared-name', 'disk-b')).name).toBe('disk-b');
  expect(await refusal(compute.disks.get('rg-shared-name', 'disk-a'))).toEqual({
    code: 'AuthorizationFailed',
    status: 403,
  });
  expect(data).toHaveLength(3);
  expect(new Set(data.map((row: { subscriptionId: string }) => row.subscriptionId))).toEqual(
    new Set([SECOND]),
  );
});

test('Resource Graph looks into the subscriptions that it is asked about', async () => {
  const { graph } = twoSubscriptions();
  const count = async (subscriptions?: string[]) =>
    (
      await graph.resources({
        query: `${DISKS} | project id`,
        ...(subscriptions ? { subscriptions } : {}),
      })
    ).count;
  const { data } = await graph.resources({
    query:
      "ResourceContainers | where type =~ 'microsoft.resources/subscriptions' | project name | order by name asc",
  });

  expect(await count()).toBe(6);
  expect(await count([SECOND])).toBe(3);
  expect(await count([FIRST, SECOND])).toBe(6);
  expect(data).toEqual([{ name: 'Production' }, { name: 'Test' }]);
});

test('an event has the topic of the subscription in which something happened', async () => {
  vi.useFakeTimers();
  const { simulator, other } = twoSubscriptions();
  const topics: string[] = [];
  simulator.subscribe({
    name: 'writes',
    kind: 'resources',
    schema: 'EventGridSchema',
    endpointUrl: 'https://example.org/hook',
    async deliver(request) {
      const [event] = (await request.json()) as {
        topic: string;
        data: { validationCode?: string };
      }[];
      const code = event?.data.validationCode;
      if (code) return Response.json({ validationResponse: code });
      if (event) topics.push(event.topic);
      return new Response();
    },
  });

  await other.resources.resourceGroups.createOrUpdate('rg-new', { location: 'westeurope' });
  await vi.advanceTimersByTimeAsync(5000);
  vi.useRealTimers();

  expect(topics).toEqual([`/subscriptions/${SECOND}`]);
});

test('each subscription has token buckets of its own', async () => {
  const { simulator } = twoSubscriptions();
  const left = async (subscription: string) => {
    const path = `/subscriptions/${subscription}/resourceGroups?api-version=2021-04-01`;
    const { headers } = await ask(simulator, 'GET', path);
    return headers.get('x-ms-ratelimit-remaining-subscription-reads');
  };

  expect([await left(FIRST), await left(FIRST), await left(SECOND)]).toEqual(['249', '248', '249']);
});

test('an estate that names a subscription which is not described is refused', () => {
  const estate = { ...ESTATE, disks: [{ name: 'disk', subscription: 'Nowhere' }] };

  expect(parseEstate(estate)).toEqual({
    errors: ['$.disks[0].subscription: no subscription is called Nowhere'],
  });
});

/** Marks a disk, as whoever may write tags can. */
function mark(simulator: Simulator, subscription: string) {
  const group = `/subscriptions/${subscription}/resourceGroups/rg-shared-name`;
  const disk = `${group}/providers/Microsoft.Compute/disks/disk-${subscription === FIRST ? 'a' : 'b'}`;
  const path = `${disk}/providers/Microsoft.Resources/tags/default?api-version=2024-07-01`;
  return ask(simulator, 'PATCH', path, { operation: 'Merge', properties: { tags: { by: 'us' } } });
}

async function stateOf(simulator: Simulator): Promise<unknown> {
  const path = `/subscriptions/${FIRST}?api-version=2022-12-01`;
  return (await ask(simulator, 'GET', path)).body;
}

test.for(['Warned', 'Disabled', 'Deleted'] as const)(
  'what is %s can be read, and changed no more; the other subscription goes on',
  async (state) => {
    const subscriptions = [
      { id: FIRST, name: 'Production', state },
      { id: SECOND, name: 'Test' },
    ];
    const { simulator, compute } = twoSubscriptions({ subscriptions });

    expect(await stateOf(simulator)).toMatchObject({ subscriptionId: FIRST, state });
    expect((await compute.virtualMachines.get('rg-apps', 'vm-a')).name).toBe('vm-a');
    const refused = { status: 409, code: 'ReadOnlyDisabledSubscription' };
    const deallocated = compute.virtualMachines.deallocate('rg-apps', 'vm-a');
    expect(await refusal(deallocated)).toMatchObject(refused);
    expect(await mark(simulator, FIRST)).toMatchObject({
      status: 409,
      body: { error: { code: refused.code } },
    });
    expect((await mark(simulator, SECOND)).status).toBe(200);
  },
);

test('what is past due goes on, and a state lasts until it is given back', async () => {
  const { simulator } = twoSubscriptions();
  const { conditions } = simulator;

  conditions.begin({ kind: 'subscription-state', subscription: FIRST, state: 'PastDue' });
  expect((await mark(simulator, FIRST)).status).toBe(200);
  conditions.begin({ kind: 'subscription-state', subscription: 'Production', state: 'Disabled' });
  expect((await mark(simulator, FIRST)).status).toBe(409);
  conditions.clear();

  expect((await mark(simulator, FIRST)).status).toBe(200);
  expect(await stateOf(simulator)).toMatchObject({ state: 'Enabled' });
});
