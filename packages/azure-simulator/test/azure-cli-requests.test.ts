import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSimulator, type Simulator } from '../src/simulator.ts';

/*
 * What Azure CLI 2.45 sends where Debian's package of it stops before it asks: that one brings an
 * SDK without compute 2022-11-01, and one whose clients have no `config`.
 */

let simulator: Simulator;
const SET_VM = '/virtualMachines/vm-1';
const ROLES = '/providers/Microsoft.Authorization';
const PRINCIPAL = '11111111-1111-4111-8111-111111111111';

beforeEach(() => {
  vi.useFakeTimers();
  simulator = createSimulator();
  simulator.estate.addVm({ name: 'vm-1', group: 'rg-test' });
});
afterEach(() => {
  simulator.close();
  vi.useRealTimers();
});

async function ask(method: string, url: string, body?: unknown) {
  const headers = { authorization: 'Bearer static', 'content-type': 'application/json' };
  const answered = await simulator.handle(
    new Request(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) }),
  );
  const text = await answered.text();
  return { status: answered.status, body: text === '' ? null : JSON.parse(text) };
}

const root = () => `https://management.azure.com/subscriptions/${simulator.subscriptionId}`;
const compute = (path: string, query = '') =>
  `${root()}/resourceGroups/rg-test/providers/Microsoft.Compute${path}?${query}api-version=2022-11-01`;
const directory = (path: string) => `https://graph.microsoft.com/v1.0${path}`;

test('lists and shows virtual machines at 2022-11-01', async () => {
  const all = await ask(
    'GET',
    `${root()}/providers/Microsoft.Compute/virtualMachines?api-version=2022-11-01`,
  );
  const inGroup = await ask('GET', compute('/virtualMachines'));
  const one = await ask('GET', compute(SET_VM));
  const view = await ask('GET', compute(SET_VM, '$expand=instanceView&'));

  expect(all.body.value).toMatchObject([{ name: 'vm-1' }]);
  expect(inGroup.body.value).toMatchObject([{ name: 'vm-1' }]);
  expect(one.body.properties).not.toHaveProperty('instanceView');
  expect(view.body.properties.instanceView.statuses.at(-1).code).toBe('PowerState/running');
});

test.for([
  ['deallocate', '', 'deallocated'],
  ['powerOff', 'skipShutdown=false&', 'stopped'],
  ['restart', '', 'running'],
  ['start', '', 'running'],
])('%s of a virtual machine at 2022-11-01', async ([action = '', query, power]) => {
  const { status } = await ask('POST', compute(`${SET_VM}/${action}`, query));
  await vi.advanceTimersByTimeAsync(600_000);

  expect(status).toBe(202);
  expect(simulator.powerState('vm-1')).toBe(power);
});

test.for(['2020-04-01-preview', '2022-04-01'])(
  'assigns a role and lists it at %s',
  async (version) => {
    const scope = `${root()}/resourceGroups/rg-test`;
    const roles = await ask(
      'GET',
      `${scope}${ROLES}/roleDefinitions?$filter=roleName%20eq%20%27Reader%27&api-version=2018-01-01-preview`,
    );
    const properties = {
      roleDefinitionId: roles.body.value[0].id,
      principalId: PRINCIPAL,
      principalType: 'ServicePrincipal',
    };
    const name = '22222222-2222-4222-8222-222222222222';
    const made = await ask(
      'PUT',
      `${scope}${ROLES}/roleAssignments/${name}?api-version=${version}`,
      {
        properties,
      },
    );
    const here = await ask(
      'GET',
      `${scope}${ROLES}/roleAssignments?$filter=atScope%28%29&api-version=${version}`,
    );
    const its = await ask(
      'GET',
      `${root()}${ROLES}/roleAssignments?$filter=principalId%20eq%20%27${PRINCIPAL}%27&api-version=${version}`,
    );

    expect(made).toMatchObject({ status: 201, body: { name, properties } });
    expect(here.body.value).toContainEqual(expect.objectContaining({ name }));
    expect(its.body.value).toHaveLength(1);
  },
);

test('finds an assignee by application, and names those of a list, in the directory', async () => {
  const { appId, objectId } = simulator.identity;
  const filter = encodeURIComponent(`servicePrincipalNames/any(c:c eq '${appId}')`);
  const byApp = await ask('GET', directory(`/servicePrincipals?$filter=${filter}`));
  const types = ['user', 'group', 'servicePrincipal', 'directoryObjectPartnerReference'];
  const ids = [objectId, PRINCIPAL];
  const named = await ask('POST', directory('/directoryObjects/getByIds'), { ids, types });
  const users = await ask(
    'GET',
    directory(`/users?$filter=${encodeURIComponent("userPrincipalName eq 'a@b.example'")}`),
  );

  expect(byApp.body.value).toMatchObject([{ id: objectId }]);
  expect(named.body.value).toMatchObject([
    {
      '@odata.type': '#microsoft.graph.servicePrincipal',
      id: objectId,
      servicePrincipalNames: [appId, expect.anything()],
    },
    { id: PRINCIPAL, displayName: PRINCIPAL },
  ]);
  expect(users.body.value).toEqual([]);
});

test('the directory takes tokens of its own audience only', async () => {
  const { status, body } = await simulator
    .handle(new Request(directory('/servicePrincipals')))
    .then(async (answered) => ({
      status: answered.status,
      body: (await answered.json()) as object,
    }));

  expect(status).toBe(401);
  expect(body).toMatchObject({ error: { code: 'InvalidAuthenticationToken' } });
});

test("a set's identity is in the directory, too", async () => {
  simulator.estate.addVault({ name: 'kv', keys: [{ name: 'k' }] });
  simulator.estate.addEncryptionSet({ name: 'des', group: 'rg-test', key: 'kv/k' });
  const set = await ask(
    'GET',
    compute('/diskEncryptionSets/des').replace('2022-11-01', '2022-03-02'),
  );
  const { principalId } = set.body.identity;

  const named = await ask('POST', directory('/directoryObjects/getByIds'), { ids: [principalId] });

  expect(named.body.value).toMatchObject([{ id: principalId, displayName: 'des' }]);
});
