import { expect, test } from 'vitest';
import { createSimulator } from '../src/simulator.ts';
import { ask } from './ask.ts';
import { clientsOf, refusal } from './clients.ts';
import { list } from './json.ts';

test('tags are merged, replaced and deleted at a scope, and the resource shows them', async () => {
  const simulator = createSimulator({ speed: 1000 });
  const id = simulator.estate.addVm({ name: 'vm-1', tags: { Owner: 'me' } });
  const { resources, compute } = clientsOf(simulator);
  const change = async (operation: string, tags: Record<string, string>) => {
    await resources.tagsOperations.updateAtScope(id.slice(1), { operation, properties: { tags } });
    return (await compute.virtualMachines.get('rg-test', 'vm-1')).tags;
  };

  expect(await change('Merge', { owner: 'you', 'keyturn:off-by': 'x' })).toEqual({
    Owner: 'you',
    'keyturn:off-by': 'x',
  });
  expect(await change('Delete', { 'keyturn:off-by': 'another' })).toHaveProperty('keyturn:off-by');
  expect(await change('Delete', { 'keyturn:off-by': 'x' })).toEqual({ Owner: 'you' });
  expect(await change('Replace', { a: 'b' })).toEqual({ a: 'b' });
});

test('a vault greets strangers with a challenge, then shows its keys', async () => {
  const simulator = createSimulator();
  simulator.estate.addVault({ name: 'kv-1', keys: [{ name: 'k', expiresInDays: 10 }] });
  simulator.estate.addKey('kv-1', { name: 'k' });
  const client = clientsOf(simulator).keys('kv-1');

  const challenged = await simulator.handle(new Request('https://kv-1.vault.azure.net/keys/k'));
  const key = await client.getKey('k');
  await client.updateKeyProperties('k', { enabled: false });
  const versions: (boolean | undefined)[] = [];
  for await (const { enabled } of client.listPropertiesOfKeyVersions('k')) versions.push(enabled);

  expect(challenged.status).toBe(401);
  expect(challenged.headers.get('www-authenticate')).toContain(
    'resource="https://vault.azure.net"',
  );
  expect(key.properties.expiresOn?.getTime()).toBeGreaterThan(Date.now());
  expect(versions).toEqual([true, false]);
  expect(await refusal(client.getKey('none'))).toEqual({ code: 'KeyNotFound', status: 404 });
});

test('locks hold at a scope when they are set there, above or below', async () => {
  const simulator = createSimulator();
  const scope = simulator.estate.addVm({ name: 'vm-1' });
  simulator.estate.addLock({ name: 'keep', scope, level: 'ReadOnly' });
  const list = async (at: string) => {
    const url = `https://management.azure.com${at}/providers/Microsoft.Authorization/locks?api-version=2020-05-01`;
    const headers = { authorization: 'Bearer static' };
    const response = await simulator.handle(new Request(url, { headers }));
    const { value } = (await response.json()) as { value: { properties: { level: string } }[] };
    return value.map(({ properties }) => properties.level);
  };

  expect(await list(scope)).toEqual(['ReadOnly']);
  expect(await list(`/subscriptions/${simulator.subscriptionId}`)).toEqual(['ReadOnly']);
  expect(await list(scope.replace('vm-1', 'vm-2'))).toEqual([]);
  const { compute } = clientsOf(simulator);
  expect(await refusal(compute.virtualMachines.deallocate('rg-test', 'vm-1'))).toEqual({
    code: 'ScopeLocked',
    status: 409,
  });
});

test('locks above a scope are its own too, and those below are left out on request', async () => {
  const simulator = createSimulator({ speed: 1000 });
  const { estate, subscriptionId } = simulator;
  const vm = estate.addVm({ name: 'vm-1' });
  const root = `/subscriptions/${subscriptionId}`;
  estate.addLock({ name: 'high', scope: root, level: 'CanNotDelete' });
  estate.addLock({ name: 'low', scope: vm, level: 'CanNotDelete' });
  const locks = `providers/Microsoft.Authorization/locks`;
  const named = async (scope: string, filter: string) => {
    const path = `${scope}/${locks}?api-version=2020-05-01${filter}`;
    return list((await ask(simulator, 'GET', path)).body, 'value').map(({ name }) => name);
  };
  const body = { properties: { level: 'ReadOnly' } };
  const group = `/providers/Microsoft.Management/managementGroups/g/${locks}/l?api-version=2020-05-01`;
  const { compute } = clientsOf(simulator);

  expect(await named(root, '')).toEqual(['high', 'low']);
  expect(await named(root, '&$filter=atScope()')).toEqual(['high']);
  expect(await named(vm, '&$filter=atScope()')).toEqual(['high', 'low']);
  await expect(compute.virtualMachines.deallocate('rg-test', 'vm-1')).resolves.toBeUndefined();
  expect((await refusal(compute.virtualMachines.delete('rg-test', 'vm-1'))).code).toBe(
    'ScopeLocked',
  );
  expect((await ask(simulator, 'PUT', group, body)).status).toBeGreaterThanOrEqual(400);
});

test('long lists come in pages', async () => {
  const simulator = createSimulator({ pageSize: 2 });
  for (const name of ['a', 'b', 'c', 'd', 'e']) simulator.estate.addDisk({ name });
  const { compute } = clientsOf(simulator);

  const sizes: number[] = [];
  for await (const page of compute.disks.list().byPage()) sizes.push(page.length);

  expect(sizes).toEqual([2, 2, 1]);
});
