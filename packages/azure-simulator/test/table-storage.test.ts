import { odata, type TransactionAction } from '@azure/data-tables';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseEstate } from '../src/example-estate.ts';
import { makeToken } from '../src/identity/tokens.ts';
import { createSimulator } from '../src/simulator.ts';
import { all } from './clients.ts';
import { anAccount, refused, tableOf } from './tables.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function aTable() {
  const account = anAccount();
  const client = account.table();
  await client.createTable();
  return { ...account, client };
}

const OLD = `W/"datetime'2020-01-01T00%3A00%3A00.0000000Z'"`;

describe('tables', () => {
  test('are made once, listed and deleted, and their name is free again later', async () => {
    const { table, handle } = anAccount();
    const create = (name: string) =>
      handle(
        new Request('https://stjournal.table.core.windows.net/Tables', {
          method: 'POST',
          headers: { authorization: 'Bearer static' },
          body: JSON.stringify({ TableName: name }),
        }),
      );

    expect((await create('journal')).status).toBe(201);
    const again = await create('Journal');
    expect([again.status, again.headers.get('x-ms-error-code')]).toEqual([
      409,
      'TableAlreadyExists',
    ]);
    expect(await again.json()).toMatchObject({
      'odata.error': { code: 'TableAlreadyExists', message: { lang: 'en-US' } },
    });
    // The client takes both for done.
    await table().createTable();
    await table().deleteTable();
    await table().deleteTable();

    expect(await refused(table().createTable())).toEqual([409, 'TableBeingDeleted']);
    await vi.advanceTimersByTimeAsync(40_000);
    await table().createTable();
    expect(await all(table().listEntities())).toEqual([]);
    expect(await refused(table('1x').createTable())).toEqual([400, 'InvalidResourceName']);
  });

  test('a table that is not there has no entities', async () => {
    const { table } = anAccount();

    expect(await refused(table().getEntity('p', 'r'))).toEqual([404, 'TableNotFound']);
    expect(await refused(all(table().listEntities()))).toEqual([404, 'TableNotFound']);
    expect(await refused(table().createEntity({ partitionKey: 'p', rowKey: 'r' }))).toEqual([
      404,
      'TableNotFound',
    ]);
  });

  test('an account that is not there has no host', async () => {
    const { handle } = anAccount();

    const answered = await handle(new Request('https://stnothing.table.core.windows.net/Tables'));

    expect(answered.status).toBe(501);
  });
});

describe('an entity', () => {
  test('keeps the type of each property', async () => {
    const { client } = await aTable();
    const properties = {
      text: 'ä "b" \n',
      whole: 7,
      long: 5_000_000_000,
      fraction: 1.5,
      big: 9_007_199_254_740_993n,
      flag: true,
      when: new Date('2026-01-02T03:04:05.678Z'),
      bytes: new Uint8Array([1, 2, 255]),
      guid: { type: 'Guid', value: '6d8fa2e5-4f2f-4b8d-9a34-0d0c7a5f2b11' },
    };

    await client.createEntity({
      partitionKey: "it's",
      rowKey: 'ä b%',
      nothing: null,
      double: { type: 'Double', value: '2.0' },
      endless: { type: 'Double', value: 'Infinity' },
      ...properties,
    });
    const read = await client.getEntity("it's", 'ä b%');

    const { bytes, ...rest } = properties;
    expect(read).toMatchObject({
      partitionKey: "it's",
      rowKey: 'ä b%',
      ...rest,
      double: 2,
      endless: 'Infinity',
    });
    expect([...(read['bytes'] as Uint8Array)]).toEqual([...bytes]);
    expect(read).not.toHaveProperty('nothing');
    expect(read.timestamp).toMatch(/^\d{4}-.*\.\d{7}Z$/);
  });

  test('is inserted once', async () => {
    const { client } = await aTable();
    await client.createEntity({ partitionKey: 'p', rowKey: 'r', a: 1 });

    const again = client.createEntity({ partitionKey: 'p', rowKey: 'r', a: 2 });

    expect(await refused(again)).toEqual([409, 'EntityAlreadyExists']);
    expect(await client.getEntity('p', 'r')).toMatchObject({ a: 1 });
  });

  test('is merged or replaced, whether it was there or not', async () => {
    const { client } = await aTable();

    await client.upsertEntity({ partitionKey: 'p', rowKey: 'r', a: 1, b: 1 }, 'Merge');
    await client.upsertEntity({ partitionKey: 'p', rowKey: 'r', b: 2 }, 'Merge');
    expect(await client.getEntity('p', 'r')).toMatchObject({ a: 1, b: 2 });
    await client.upsertEntity({ partitionKey: 'p', rowKey: 'r', b: 3 }, 'Replace');
    const replaced = await client.getEntity('p', 'r');

    expect(replaced).toMatchObject({ b: 3 });
    expect(replaced).not.toHaveProperty('a');
  });

  test('is changed only by whoever knows its latest tag', async () => {
    const { client } = await aTable();
    const { etag: first = '' } = await client.createEntity({ partitionKey: 'p', rowKey: 'r' });
    const { etag: second = '' } = await client.updateEntity(
      { partitionKey: 'p', rowKey: 'r', a: 1 },
      'Merge',
      { etag: first },
    );

    expect(second).not.toBe(first);
    for (const etag of [first, OLD]) {
      const entity = { partitionKey: 'p', rowKey: 'r', a: 2 };
      expect(await refused(client.updateEntity(entity, 'Replace', { etag }))).toEqual([
        412,
        'UpdateConditionNotSatisfied',
      ]);
      expect(await refused(client.deleteEntity('p', 'r', { etag }))).toEqual([
        412,
        'UpdateConditionNotSatisfied',
      ]);
    }
    expect(await client.getEntity('p', 'r')).toMatchObject({ a: 1, etag: second });
    await client.deleteEntity('p', 'r', { etag: second });
    expect(await refused(client.getEntity('p', 'r'))).toEqual([404, 'ResourceNotFound']);
    expect(await refused(client.updateEntity({ partitionKey: 'p', rowKey: 'r' }))).toEqual([
      404,
      'ResourceNotFound',
    ]);
    expect(await refused(client.deleteEntity('p', 'r'))).toEqual([404, 'ResourceNotFound']);
  });

  const many = (count: number, value: unknown) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, value]));

  test.for<[code: string, entity: object]>([
    ['PropertyValueTooLarge', { a: 'x'.repeat(32_769) }],
    ['PropertyValueTooLarge', { a: new Uint8Array(65_537) }],
    ['TooManyProperties', many(253, 1)],
    ['EntityTooLarge', many(17, 'x'.repeat(32_000))],
    ['PropertyNameInvalid', { 'a-b': 1 }],
    ['PropertyNameTooLong', { ['a'.repeat(256)]: 1 }],
    ['OutOfRangeInput', { rowKey: 'a/b' }],
    ['OutOfRangeInput', { partitionKey: 'a#b' }],
    ['KeyValueTooLarge', { rowKey: 'x'.repeat(513) }],
    ['InvalidInput', { a: { type: 'Guid', value: 'none' } }],
    ['InvalidInput', { a: { type: 'Int64', value: '9223372036854775808' } }],
    ['InvalidInput', { a: { type: 'DateTime', value: 'yesterday' } }],
    ['PropertiesNeedValue', { partitionKey: undefined }],
  ])('is refused: %s', async ([code, more]) => {
    const { client } = await aTable();

    const inserted = client.createEntity({ partitionKey: 'p', rowKey: 'r', ...more });

    expect(await refused(inserted)).toEqual([400, code]);
    expect(await all(client.listEntities())).toEqual([]);
  });

  test('may be as large as is said', async () => {
    const { client } = await aTable();

    await client.createEntity({ partitionKey: 'p', rowKey: '1', ...many(252, 1) });
    await client.createEntity({ partitionKey: 'p', rowKey: '2', a: 'x'.repeat(32_768) });
    await client.createEntity({ partitionKey: 'p', rowKey: '3', ...many(15, 'x'.repeat(32_000)) });

    expect(await all(client.listEntities())).toHaveLength(3);
  });
});

describe('a query', () => {
  const ENTITIES = [
    { partitionKey: 'a', rowKey: '1', n: 1, s: 'x', flag: true },
    { partitionKey: 'a', rowKey: '2', n: 2, s: "it's", big: 12n },
    { partitionKey: 'b', rowKey: '1', d: 2.5, when: new Date('2026-05-01T00:00:00Z') },
    {
      partitionKey: 'b',
      rowKey: '2',
      bytes: new Uint8Array([1, 2]),
      g: { type: 'Guid', value: '6d8fa2e5-4f2f-4b8d-9a34-0d0c7a5f2b11' },
    },
  ];

  async function aFilledTable() {
    const made = await aTable();
    // Not in the order in which they are found.
    for (const entity of ENTITIES.toReversed()) await made.client.createEntity(entity);
    return made;
  }

  test.for<[filter: string, found: string]>([
    ["PartitionKey eq 'a'", 'a1 a2'],
    ["PartitionKey gt 'a' and RowKey le '1'", 'b1'],
    ['n ge 1', 'a1 a2'],
    ['n lt 2', 'a1'],
    ['n ne 1', 'a2'],
    ['n gt 0.5 and n lt 1.5', 'a1'],
    ['1 lt n', 'a2'],
    ["n eq '1'", ''],
    ['big eq 12L', 'a2'],
    ['big gt 11', 'a2'],
    [odata`s eq ${"it's"}`, 'a2'],
    ['d gt 2', 'b1'],
    [odata`when eq ${new Date('2026-05-01T00:00:00Z')}`, 'b1'],
    ["when lt datetime'2026-04-30T00:00:00Z'", ''],
    ["g eq guid'6D8FA2E5-4f2f-4b8d-9a34-0d0c7a5f2b11'", 'b2'],
    ["bytes eq X'0102'", 'b2'],
    ["bytes eq binary'0102'", 'b2'],
    ['flag eq true', 'a1'],
    ['flag', 'a1'],
    ['not flag', 'a2 b1 b2'],
    ['not (n eq 1)', 'a2 b1 b2'],
    ["missing ne 'x'", ''],
    ["n eq 1 or n eq 2 and s eq 'x'", 'a1'],
    ["(n eq 1 or n eq 2) and s eq 'x'", 'a1'],
    ["(n eq 1 or n eq 2) and not (s eq 'x')", 'a2'],
    ["Timestamp gt datetime'2020-01-01T00:00:00Z'", 'a1 a2 b1 b2'],
  ])('%s: %s', async ([filter, found]) => {
    const { client } = await aFilledTable();

    const entities = await all(client.listEntities({ queryOptions: { filter } }));

    expect(entities.map(({ partitionKey, rowKey }) => `${partitionKey}${rowKey}`).join(' ')).toBe(
      found,
    );
  });

  test.for([
    'n eq',
    'n like 1',
    '(n eq 1',
    'foo(n) eq 1',
    "s eq 'x",
    'n eq 1 n',
    "when eq datetime'x'",
  ])('is refused: %s', async (filter) => {
    const { client } = await aFilledTable();

    expect(await refused(all(client.listEntities({ queryOptions: { filter } })))).toEqual([
      400,
      'InvalidInput',
    ]);
  });

  test('shows what it is asked for', async () => {
    const { client } = await aFilledTable();

    const [first] = await all(
      client.listEntities({ queryOptions: { select: ['rowKey', 's', 'absent'] } }),
    );

    expect(first).toMatchObject({ rowKey: '1', s: 'x' });
    expect(Object.keys(first ?? {}).sort()).toEqual(['etag', 'rowKey', 's']);
  });

  test('goes on where a page ended, whatever changed meanwhile', async () => {
    const { client } = await aFilledTable();
    const pages = client.listEntities().byPage({ maxPageSize: 2 });

    const { value: first } = await pages.next();
    await client.deleteEntity('a', '1');
    await client.createEntity({ partitionKey: 'a', rowKey: '3' });
    await client.deleteEntity('b', '1');
    const rest = await all(pages);

    expect(
      [first, ...rest].map((page) => page?.map((it: { rowKey?: string }) => it.rowKey)),
    ).toEqual([['1', '2'], ['2']]);
  });

  test('finds a thousand at a time', async () => {
    const { client } = await aTable();
    for (let start = 0; start < 1100; start += 100) {
      await client.submitTransaction(
        Array.from({ length: 100 }, (_, index): TransactionAction => {
          return ['create', { partitionKey: 'p', rowKey: String(start + index).padStart(5, '0') }];
        }),
      );
    }

    const pages = await all(client.listEntities().byPage());

    expect(pages.map(({ length }) => length)).toEqual([1000, 100]);
    expect(await refused(all(client.listEntities().byPage({ maxPageSize: 1001 })))).toEqual([
      400,
      'InvalidInput',
    ]);
  });
});

describe('a transaction', () => {
  const b = (rowKey: string, more: object = {}) => ({ partitionKey: 'b', rowKey, ...more });

  test('does all that it holds', async () => {
    const { client } = await aTable();
    await client.createEntity(b('old', { a: 1, c: 1 }));
    await client.createEntity(b('gone'));

    const done = await client.submitTransaction([
      ['create', b("it's {new}", { a: 1 })],
      ['update', b('old', { a: 2 }), 'Merge'],
      ['upsert', b('other'), 'Replace'],
      ['delete', b('gone')],
    ]);

    expect(done.status).toBe(202);
    expect(done.subResponses.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
    const { etag } = await client.getEntity('b', 'old');
    expect(done.subResponses[1]?.etag).toBe(etag);
    expect(await client.getEntity('b', 'old')).toMatchObject({ a: 2, c: 1 });
    const rows = (await all(client.listEntities())).map(({ rowKey }) => rowKey);
    expect(rows).toEqual(["it's {new}", 'old', 'other']);
  });

  test.for<[refusal: readonly [number, string, string], actions: TransactionAction[]]>([
    [
      [409, 'EntityAlreadyExists', '1:The specified entity'],
      [
        ['create', b('1')],
        ['create', b('old')],
      ],
    ],
    [
      [412, 'UpdateConditionNotSatisfied', '1:The update condition'],
      [
        ['upsert', b('1')],
        ['update', b('old'), 'Merge', { etag: OLD }],
      ],
    ],
    [
      [404, 'ResourceNotFound', '1:The specified resource'],
      [
        ['create', b('1')],
        ['delete', b('no')],
      ],
    ],
    [
      [400, 'InvalidDuplicateRow', '1:A command with RowKey'],
      [
        ['create', b('1')],
        ['upsert', b('1')],
      ],
    ],
    [
      [400, 'PropertyValueTooLarge', '1:The property value'],
      [
        ['create', b('1')],
        ['create', b('2', { a: 'x'.repeat(32_769) })],
      ],
    ],
    [
      [400, 'InvalidInput', '0:The batch request operation exceeds the maximum 100 changes'],
      Array.from({ length: 101 }, (_, index): TransactionAction => ['create', b(`n${index}`)]),
    ],
  ])('does nothing: %s', async ([[status, code, message], actions]) => {
    const { client } = await aTable();
    await client.createEntity(b('old'));

    const submitted = client.submitTransaction(actions);

    await expect(submitted).rejects.toMatchObject({
      statusCode: status,
      code,
      message: expect.stringContaining(message),
    });
    expect((await all(client.listEntities())).map(({ rowKey }) => rowKey)).toEqual(['old']);
  });
});

describe('who may', () => {
  test('an Owner makes tables, but reads and writes nothing in them without a role', async () => {
    const { table, estate, identity, accountId } = anAccount();
    estate.addRoleAssignment({ principal: 'caller', role: 'Owner' });
    await table().createTable();

    const denied = [403, 'AuthorizationPermissionMismatch'];
    const entity = { partitionKey: 'p', rowKey: 'r' };
    expect(await refused(table().createEntity(entity))).toEqual(denied);
    expect(await refused(table().submitTransaction([['create', entity]]))).toEqual(denied);
    expect(await refused(all(table().listEntities()))).toEqual(denied);

    const role = 'Storage Table Data Reader';
    estate.addRoleAssignment({ principal: identity.objectId, role, scope: accountId });
    expect(await all(table().listEntities())).toEqual([]);
    expect(await refused(table().createEntity(entity))).toEqual(denied);
  });

  test('a Reader makes no tables', async () => {
    const { table, estate } = anAccount();
    estate.addRoleAssignment({ principal: 'caller', role: 'Reader' });

    expect(await refused(table().createTable())).toEqual([403, 'AuthorizationPermissionMismatch']);
  });

  test('a caller needs a token for storage', async () => {
    const { handle, identity } = anAccount();
    const ask = (authorization?: string) =>
      handle(
        new Request('https://stjournal.table.core.windows.net/Tables', {
          headers: authorization === undefined ? {} : { authorization },
        }),
      );
    const bearer = (resource: string) => `Bearer ${makeToken(identity, resource).token}`;

    const stranger = await ask();
    expect(stranger.status).toBe(401);
    expect(stranger.headers.get('www-authenticate')).toContain(
      'resource_id=https://storage.azure.com',
    );
    expect((await ask(bearer('https://management.azure.com'))).status).toBe(401);
    expect((await ask('SharedKey stjournal:abc')).status).toBe(403);
    expect((await ask(bearer('https://storage.azure.com'))).status).toBe(200);
    expect((await ask(bearer('https://storage.azure.com/'))).status).toBe(200);
  });
});

describe('what goes wrong on order', () => {
  test('too many calls find the server busy', async () => {
    const { client, faults } = await aTable();
    faults.throttleNext({ path: /journal/ }, 7);

    const entity = { partitionKey: 'p', rowKey: 'r' };
    expect(await refused(client.createEntity(entity))).toEqual([503, 'ServerBusy']);
    await client.createEntity(entity);
  });

  test('an answer that is lost leaves what was done', async () => {
    const { client, faults } = await aTable();
    faults.dropNext({ path: /journal/ }, 'after');

    const entity = { partitionKey: 'p', rowKey: 'r' };
    await expect(client.createEntity(entity)).rejects.toThrow();
    expect(await refused(client.createEntity(entity))).toEqual([409, 'EntityAlreadyExists']);
  });

  test('a refusal speaks as Table storage does', async () => {
    const { client, faults } = await aTable();
    faults.refuseNext(
      { path: /batch/ },
      { status: 500, code: 'InternalError', message: 'Server encountered an internal error.' },
    );

    const submitted = client.submitTransaction([['create', { partitionKey: 'p', rowKey: 'r' }]]);

    expect(await refused(submitted)).toEqual([500, 'InternalError']);
  });
});

test('storage accounts are read through the resource manager', async () => {
  const { handle, accountId, subscriptionId } = anAccount();
  const read = async (path: string) => {
    const url = `https://management.azure.com${path}?api-version=2023-05-01`;
    return (await handle(new Request(url, { headers: { authorization: 'Bearer x' } }))).json();
  };

  const account = await read(accountId);

  expect(account).toMatchObject({
    id: accountId,
    kind: 'StorageV2',
    properties: { primaryEndpoints: { table: 'https://stjournal.table.core.windows.net/' } },
  });
  const lists = [
    `${accountId.slice(0, accountId.lastIndexOf('/'))}`,
    `/subscriptions/${subscriptionId}/providers/Microsoft.Storage/storageAccounts`,
  ];
  for (const path of lists) expect(await read(path)).toEqual({ value: [account] });
});

test('an estate brings accounts and tables along', async () => {
  const estate = parseEstate({
    subscriptionId: '5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30',
    storageAccounts: [{ name: 'stjournal2', group: 'rg-ops', tables: ['leases'] }],
  });
  if ('errors' in estate) throw new Error(estate.errors.join());
  const { httpClient, handle } = createSimulator({ estate });

  const leases = tableOf('stjournal2', 'leases', { httpClient });
  await leases.createEntity({ partitionKey: 'p', rowKey: 'r' });

  expect(await all(leases.listEntities())).toHaveLength(1);
  const id = `/subscriptions/${estate.subscriptionId}/resourceGroups/rg-ops/providers/Microsoft.Storage/storageAccounts/stjournal2`;
  const url = `https://management.azure.com${id}?api-version=2023-05-01`;
  const read = await handle(new Request(url, { headers: { authorization: 'Bearer x' } }));
  expect(await read.json()).toMatchObject({ id, sku: { name: 'Standard_LRS' } });
});

test('mistakes in an account of an estate are told', () => {
  expect(
    parseEstate({
      subscriptionId: 's',
      storageAccounts: [{ name: 'stjournal', tables: 'leases', subscription: 'other' }],
      endpoints: { id: 7 },
    }),
  ).toEqual({
    errors: [
      '$.storageAccounts[0].tables: expected a list of texts',
      '$.endpoints: expected an object of texts',
    ],
  });
});
