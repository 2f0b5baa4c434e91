import { expect, test } from 'vitest';
import type { EstateDescription } from '../src/estate/estate-description.ts';
import { createSimulator } from '../src/simulator.ts';
import { ask } from './ask.ts';
import { clientsOf, refusal } from './clients.ts';
import { list } from './json.ts';

const SUBSCRIPTION = '11111111-1111-4111-8111-111111111111';
const ROOT = `/subscriptions/${SUBSCRIPTION}`;
const MANAGED = `${ROOT}/resourceGroups/managed`;
const DISK = `${MANAGED}/providers/Microsoft.Compute/disks/disk`;

function anEstate(more: Partial<EstateDescription>) {
  const simulator = createSimulator({
    speed: 1000,
    estate: { subscriptionId: SUBSCRIPTION, disks: [{ name: 'disk', group: 'managed' }], ...more },
  });
  const at = async (scope: string, kind: string) => {
    const path = `${scope}/providers/Microsoft.Authorization/${kind}`;
    const version = `${kind.includes('?') ? '&' : '?'}api-version=2022-04-01`;
    return list((await ask(simulator, 'GET', `${path}${version}`)).body, 'value');
  };
  return { simulator, at, ...clientsOf(simulator) };
}

test('tells the caller what each of its roles permits at a scope', async () => {
  const { at } = anEstate({
    roleAssignments: [
      { principal: 'caller', role: 'Reader' },
      { principal: 'caller', role: 'Virtual Machine Contributor', scope: MANAGED },
      { principal: 'somebody', role: 'Owner', scope: MANAGED },
    ],
  });
  const actionsAt = async (scope: string) =>
    (await at(scope, 'permissions')).map(({ actions }) => actions);

  expect(await actionsAt(ROOT)).toEqual([['*/read']]);
  expect(await actionsAt(MANAGED)).toEqual([
    ['*/read'],
    expect.arrayContaining(['Microsoft.Compute/virtualMachines/*']),
  ]);
  expect(await actionsAt(DISK)).toHaveLength(2);
  expect(await actionsAt(`${ROOT}/resourceGroups/other`)).toHaveLength(1);
});

const DENIED = {
  name: 'Managed by a service',
  scope: MANAGED,
  actions: ['*'],
  notActions: ['*/read'],
};

test('a deny assignment outweighs every role, but for those that it leaves out', async () => {
  const { compute, at } = anEstate({ denyAssignments: [DENIED] });
  const { compute: excluded } = anEstate({
    denyAssignments: [{ ...DENIED, excludePrincipals: ['caller'] }],
  });
  const tag = (client: typeof compute) =>
    client.disks.update('managed', 'disk', { tags: { a: 'b' } });

  expect((await compute.disks.get('managed', 'disk')).name).toBe('disk');
  expect(await refusal(tag(compute))).toEqual({
    code: 'DenyAssignmentAuthorizationFailed',
    status: 403,
  });
  await expect(tag(excluded)).resolves.toBeDefined();
  expect(await at(DISK, 'denyAssignments?$filter=atScope()')).toMatchObject([
    { properties: { denyAssignmentName: DENIED.name, scope: MANAGED, isSystemProtected: true } },
  ]);
  expect(await at(ROOT, 'denyAssignments')).toHaveLength(1);
  expect(await at(ROOT, 'denyAssignments?$filter=atScope()')).toEqual([]);
});
