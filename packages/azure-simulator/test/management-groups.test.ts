import { expect, test } from 'vitest';
import type { EstateDescription } from '../src/estate/estate-description.ts';
import { parseEstate } from '../src/example-estate.ts';
import { createSimulator } from '../src/simulator.ts';
import { ask } from './ask.ts';
import { clientsOf, refusal } from './clients.ts';
import { list, object } from './json.ts';
import type { Json } from './recorded.ts';

const FIRST = '11111111-1111-4111-8111-111111111111';
const SECOND = '22222222-2222-4222-8222-222222222222';
const THIRD = '33333333-3333-4333-8333-333333333333';
const GROUPS = '/providers/Microsoft.Management/managementGroups';

const ESTATE: EstateDescription = {
  subscriptionId: FIRST,
  tenantId: '99999999-9999-4999-8999-999999999999',
  subscriptions: [
    { id: FIRST, name: 'Shared' },
    { id: SECOND, name: 'Production' },
    { id: THIRD, name: 'Test' },
  ],
  managementGroups: [
    { name: 'contoso', displayName: 'Contoso' },
    { name: 'landing-zones', parent: 'contoso', subscriptions: ['Production'] },
    { name: 'sandboxes', parent: 'contoso', subscriptions: [THIRD] },
  ],
  disks: [
    { name: 'disk-2', group: 'rg', subscription: SECOND },
    { name: 'disk-3', group: 'rg', subscription: THIRD },
  ],
};

function aTree(more: Partial<EstateDescription> = {}) {
  const simulator = createSimulator({ estate: { ...ESTATE, ...more } });
  const get = async (path: string) => (await ask(simulator, 'GET', path)).body;
  return { simulator, get };
}

const names = (all: readonly Json[]) => all.map(({ name }) => name);

test('lists the groups that the caller may read', async () => {
  const { get } = aTree();
  const { get: limited } = aTree({
    roleAssignments: [{ principal: 'caller', role: 'Reader', scope: `${GROUPS}/sandboxes` }],
  });
  const path = `${GROUPS}?api-version=2021-04-01`;

  expect(names(list(await get(path), 'value'))).toEqual([
    ESTATE.tenantId,
    'contoso',
    'landing-zones',
    'sandboxes',
  ]);
  expect(names(list(await limited(path), 'value'))).toEqual(['sandboxes']);
});

test('shows a group with its parent, and all below it when that is asked for', async () => {
  const { get } = aTree();

  const alone = await get(`${GROUPS}/contoso?api-version=2020-05-01`);
  const whole = await get(
    `${GROUPS}/contoso?api-version=2023-04-01&$expand=children&$recurse=true`,
  );
  const near = await get(`${GROUPS}/contoso?api-version=2023-04-01&$expand=children`);

  expect(object(alone, 'properties')).toMatchObject({
    displayName: 'Contoso',
    details: { parent: { name: ESTATE.tenantId, displayName: 'Tenant Root Group' } },
  });
  expect(object(alone, 'properties')).not.toHaveProperty('children');
  expect(object(whole, 'properties')).toMatchObject({
    children: [
      { name: 'landing-zones', children: [{ type: '/subscriptions', displayName: 'Production' }] },
      { name: 'sandboxes', children: [{ id: `/subscriptions/${THIRD}` }] },
    ],
  });
  expect(list(object(near, 'properties'), 'children')[0]).not.toHaveProperty('children');
});

test('names all descendants, and the subscriptions of one group', async () => {
  const { get } = aTree();

  const below = await get(`${GROUPS}/${ESTATE.tenantId}/descendants?api-version=2020-05-01`);
  const own = await get(`${GROUPS}/sandboxes/subscriptions?api-version=2021-04-01`);

  expect(names(list(below, 'value'))).toEqual([
    'contoso',
    FIRST,
    'landing-zones',
    'sandboxes',
    SECOND,
    THIRD,
  ]);
  expect(list(own, 'value')).toMatchObject([
    { name: THIRD, properties: { displayName: 'Test', state: 'Active', tenant: ESTATE.tenantId } },
  ]);
});

test('a role at a group holds in the subscriptions below it, and in no other', async () => {
  const { simulator, get } = aTree({
    roleAssignments: [{ principal: 'caller', role: 'Reader', scope: `${GROUPS}/landing-zones` }],
  });

  const disk = await clientsOf(simulator, SECOND).compute.disks.get('rg', 'disk-2');
  const other = clientsOf(simulator, THIRD).compute.disks.get('rg', 'disk-3');
  const assignments = await get(
    `/subscriptions/${SECOND}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=atScope()`,
  );

  expect(disk.name).toBe('disk-2');
  expect(await refusal(other)).toEqual({ code: 'AuthorizationFailed', status: 403 });
  expect(list(assignments, 'value')).toMatchObject([
    { properties: { scope: `${GROUPS}/landing-zones` } },
  ]);
});

test('Resource Graph looks below the groups that it is asked about', async () => {
  const { simulator } = aTree();
  const { graph } = clientsOf(simulator);
  const found = async (managementGroups: string[]) => {
    const { data } = await graph.resources({ query: 'Resources | project name', managementGroups });
    return data;
  };

  expect(await found(['sandboxes'])).toEqual([{ name: 'disk-3' }]);
  expect(await found(['contoso'])).toHaveLength(2);
});

test('an estate whose groups lie nowhere or below themselves is refused', () => {
  const managementGroups = [
    { name: 'a', parent: 'b' },
    { name: 'b', parent: 'a' },
    { name: 'c', parent: 'd' },
  ];

  expect(parseEstate({ ...ESTATE, managementGroups })).toEqual({
    errors: [
      '$.managementGroups[0]: lies below itself',
      '$.managementGroups[1]: lies below itself',
      '$.managementGroups[2].parent: nothing is called d',
    ],
  });
});
