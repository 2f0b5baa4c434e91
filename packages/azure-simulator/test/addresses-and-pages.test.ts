import { expect, test } from 'vitest';
import { createSimulator } from '../src/simulator.ts';
import { refusalOf } from './a-request.ts';
import { ask } from './ask.ts';
import { all, clientsOf } from './clients.ts';
import { list } from './json.ts';

const TAGS = 'providers/Microsoft.Resources/tags/default?api-version=2021-04-01';

function anEstate() {
  const simulator = createSimulator();
  const { estate, subscriptionId } = simulator;
  const diskId = estate.addDisk({ name: 'disk-1' });
  estate.addVault({ name: 'kv-1', keys: ['a', 'b', 'c'].map((name) => ({ name })) });
  return { simulator, diskId, subscription: `/subscriptions/${subscriptionId}` };
}

test('a scope that comes as one encoded segment is the path that it names', async () => {
  const { simulator, diskId, subscription } = anEstate();
  const encoded = [subscription, diskId, `${subscription}/resourceGroups/rg-test`];

  for (const scope of encoded) {
    const body = { properties: { tags: { by: 'sdk' } } };
    const put = await ask(simulator, 'PUT', `/${encodeURIComponent(scope)}/${TAGS}`, body);
    const read = await ask(simulator, 'GET', `${scope}/${TAGS}`);

    expect([put.status, read.body['properties']]).toEqual([200, { tags: { by: 'sdk' } }]);
    expect(put.body['id']).toBe(`${scope}/providers/Microsoft.Resources/tags/default`);
  }
  const whole = `/${encodeURIComponent(diskId)}?api-version=2023-04-02`;
  expect((await ask(simulator, 'GET', whole)).body['name']).toBe('disk-1');
});

test('a subscription has tags, which it shows', async () => {
  const { simulator, subscription } = anEstate();
  const change = (operation: string, tags: object) =>
    ask(simulator, 'PATCH', `${subscription}/${TAGS}`, { operation, properties: { tags } });

  await change('Merge', { team: 'blue', cost: '7' });
  await change('Delete', { cost: '7' });

  const shown = await ask(simulator, 'GET', `${subscription}?api-version=2022-12-01`);
  expect(shown.body['tags']).toEqual({ team: 'blue' });
  const names = await ask(simulator, 'GET', `${subscription}/tagNames?api-version=2021-04-01`);
  expect(list(names.body, 'value').map((it) => it['tagName'])).toEqual(['team']);
});

test('a body says how long it is, in octets', async () => {
  const { simulator, subscription } = anEstate();
  await ask(simulator, 'PUT', `${subscription}/${TAGS}`, { properties: { tags: { a: 'Zürich' } } });

  const response = await simulator.handle(
    new Request(`https://management.azure.com${subscription}/${TAGS}`, {
      headers: { authorization: 'Bearer static' },
    }),
  );

  const sent = Buffer.byteLength(await response.text());
  expect(response.headers.get('content-length')).toBe(String(sent));
});

test('a vault lists as many keys at a time as are asked for', async () => {
  const { simulator } = anEstate();
  const pages = clientsOf(simulator).keys('kv-1').listPropertiesOfKeys().byPage({ maxPageSize: 2 });

  expect((await all(pages)).map((page) => page.length)).toEqual([2, 1]);
  const first = await simulator.handle(
    new Request('https://kv-1.vault.azure.net/keys?maxresults=1&api-version=7.4', {
      headers: { authorization: 'Bearer static' },
    }),
  );
  expect(await first.json()).toMatchObject({
    nextLink: expect.stringMatching(
      /^https:\/\/kv-1\.vault\.azure\.net:443\/keys\?api-version=7\.4&\$skiptoken=[^&]+&maxresults=1$/,
    ),
  });
});

test('a vault lists 25 keys at a time unless it is asked for fewer, and never more', async () => {
  const { simulator } = anEstate();
  for (let index = 0; index < 30; index += 1)
    simulator.estate.addKey('kv-1', { name: `k${index}` });
  const url = 'https://kv-1.vault.azure.net/keys?api-version=7.4';

  const pages = clientsOf(simulator).keys('kv-1').listPropertiesOfKeys().byPage();

  expect((await all(pages)).map((page) => page.length)).toEqual([25, 8]);
  for (const wish of ['0', '26', 'many']) {
    expect((await refusalOf(simulator, `${url}&maxresults=${wish}`)).status).toBe(400);
  }
});

test.for<[host: string, path: string, code: string]>([
  ['management.azure.com', '/subscriptions?api-version=2022-12-01', 'InvalidSkipToken'],
  ['kv-1.vault.azure.net', '/keys?api-version=7.4', 'BadParameter'],
])('a token that %s never gave is refused', async ([host, path, code]) => {
  const { simulator } = anEstate();

  const said = await refusalOf(simulator, `https://${host}${path}&$skiptoken=bm9uZQ`);

  expect(said).toMatchObject({ status: 400, code });
});

test('a query of Resource Graph goes on by its own tokens only', async () => {
  const { simulator } = anEstate();

  const said = await ask(
    simulator,
    'POST',
    '/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01',
    { query: 'resources', options: { $skipToken: 'bm9uZQ' } },
  );

  expect(said.status).toBe(400);
  expect(JSON.stringify(said.body)).toContain('CouldNotDecodeSkipToken');
});
