import { expect, test } from 'vitest';
import { CLOUDS, type CloudName } from '../../src/azure/clouds.ts';
import {
  aDisk,
  CUSTOMER_KEY,
  diskId,
  GROUP,
  KEY_URL,
  OTHER_SUBSCRIPTION,
  SUBSCRIPTION,
  setId,
  vmId,
} from '../support/builders.ts';
import { anAzure } from './an-azure.ts';

const VM = vmId('vm-1');
const DISK = diskId('data-1');

function aBody(properties: object, more: object = {}) {
  return { id: VM, name: 'vm-1', location: 'westeurope', properties, ...more };
}

const view = (...codes: string[]) => ({
  instanceView: { statuses: codes.map((code) => ({ code, message: `of ${code}` })) },
});

test.for<[what: string, properties: object, expected: object]>([
  [
    'the power state behind the OS state',
    view('OSState/generalized', 'ProvisioningState/succeeded', 'PowerState/running'),
    { powerState: 'running', isHibernated: false, failure: null },
  ],
  ['no instance view', {}, { powerState: 'unknown', failure: null }],
  ['an empty instance view', { instanceView: {} }, { powerState: 'unknown' }],
  ['a power state in other case', view('powerstate/Deallocated'), { powerState: 'deallocated' }],
  ['a power state of the future', view('PowerState/dreaming'), { powerState: 'unknown' }],
  [
    'hibernation',
    view('PowerState/deallocated', 'HibernationState/Hibernated'),
    { powerState: 'deallocated', isHibernated: true },
  ],
  [
    'a failed operation',
    view('ProvisioningState/failed/AllocationFailed', 'PowerState/deallocated'),
    { failure: { code: 'AllocationFailed' } },
  ],
  ['no storage profile', {}, { diskIds: [], hasEphemeralOsDisk: false }],
  [
    'an unmanaged disk',
    { storageProfile: { osDisk: { vhd: { uri: 'https://s.blob.core.windows.net/v.vhd' } } } },
    { diskIds: [], hasUnmanagedDisk: true },
  ],
  [
    'an ephemeral OS disk',
    {
      storageProfile: {
        osDisk: { diffDiskSettings: { option: 'Local' }, managedDisk: { id: DISK } },
      },
    },
    { diskIds: [], hasEphemeralOsDisk: true },
  ],
  [
    'settings of Azure Disk Encryption',
    { storageProfile: { osDisk: { encryptionSettings: { enabled: true } } } },
    { hasDiskEncryptionExtension: true },
  ],
  [
    'what it shares with others',
    { availabilitySet: { id: `${GROUP}/providers/Microsoft.Compute/availabilitySets/AS` } },
    { availabilitySetId: `${GROUP}/providers/Microsoft.Compute/availabilitySets/AS`, zone: null },
  ],
  ['no creation time', {}, { createdAtMs: null, provisioningState: 'Unknown', tags: {} }],
])('reads of a VM: %s', async ([, properties, expected]) => {
  const { azure } = anAzure(() => ({ body: aBody(properties) }));

  expect(await azure.readVm(VM)).toMatchObject({ status: 'ok', value: { id: VM, ...expected } });
});

test('reads the zone of a VM', async () => {
  const { azure } = anAzure(() => ({ body: aBody({}, { zones: ['2'] }) }));

  expect(await azure.readVm(VM)).toMatchObject({ value: { zone: '2', availabilitySetId: null } });
});

test('finds the subscriptions anywhere below a management group, on every page', async () => {
  const [one, two] = [SUBSCRIPTION, OTHER_SUBSCRIPTION];
  const group = '/providers/Microsoft.Management/managementGroups/mg';
  const { azure, requests } = anAzure(({ pathname, searchParams, origin }) => {
    if (searchParams.has('$skiptoken')) {
      return { body: { value: [{ id: `/subscriptions/${two}`, type: '/subscriptions' }] } };
    }
    const below = { id: `${group}-below`, type: 'Microsoft.Management/managementGroups' };
    const value = [below, { id: `/subscriptions/${one}`, type: '/subscriptions' }];
    return { body: { value, nextLink: `${origin}${pathname}?$skiptoken=2` } };
  });

  expect(await azure.listSubscriptions('mg')).toEqual({ status: 'ok', value: [one, two] });
  expect(requests[0]?.url).toContain(`${group}/descendants?api-version=2020-05-01`);
});

test('keeps the ID that was asked for, whatever case Azure echoes', async () => {
  const { azure } = anAzure(() => ({
    body: { id: DISK.toUpperCase(), location: 'WestEurope', properties: {} },
  }));

  expect(await azure.readDisk(DISK)).toMatchObject({
    value: {
      id: DISK,
      encryptionType: 'EncryptionAtRestWithPlatformKey',
      diskState: 'Unknown',
      provisioningState: 'Succeeded',
      managedBy: null,
      sharers: [],
      maxShares: 1,
      tags: {},
    },
  });
});

test('tells the sharers of a disk by either of their lists', async () => {
  const sharers = [vmId('vm-1'), vmId('vm-2')];
  for (const body of [
    { managedByExtended: sharers, properties: {} },
    { properties: { shareInfo: sharers.map((vmUri) => ({ vmUri })) } },
  ]) {
    const { azure } = anAzure(() => ({ body: { location: 'x', ...body } }));
    expect(await azure.readDisk(DISK)).toMatchObject({ value: { sharers } });
  }
});

const snapshot = (name: string, creationData: object, incremental = true) => ({
  id: `${GROUP}/providers/Microsoft.Compute/snapshots/${name}`,
  location: 'westeurope',
  properties: { incremental, creationData: { createOption: 'Copy', ...creationData } },
});

test('finds the incremental snapshots of this very disk, on every page and in any case', async () => {
  const disk = aDisk({ id: DISK, uniqueId: 'u-1' });
  const of = { sourceResourceId: DISK.toUpperCase(), sourceUniqueId: 'u-1' };
  const pages = [
    [
      snapshot('mine', of),
      snapshot('full', of, false),
      snapshot('of-an-earlier-disk', { ...of, sourceUniqueId: 'u-0' }),
    ],
    [
      snapshot('of-unknown-age', { sourceResourceId: DISK }),
      snapshot('of-another', { ...of, sourceResourceId: diskId('data-2') }),
      snapshot('of-nothing', {}),
    ],
  ];
  const { azure } = anAzure(({ searchParams, href }) => {
    const page = Number(searchParams.get('page') ?? 0);
    const nextLink = page === 0 ? { nextLink: `${href}&page=1` } : {};
    return { body: { value: pages[page], ...nextLink } };
  });

  const answer = await azure.listIncrementalSnapshots(disk);

  const names = answer.status === 'ok' ? answer.value.map((id) => id.split('/').at(-1)) : [];
  expect(names).toEqual(['mine', 'of-unknown-age']);
});

test('searches Resource Graph page by page, and quotes what it is given', async () => {
  const ofDisk = { location: 'westeurope', tags: { env: 'prod' } };
  const { azure, requests } = anAzure((_, { body }) => {
    const { options } = JSON.parse(String(body));
    return options['$skipToken'] === 'next'
      ? { body: { data: [{ id: diskId('b'), managedBy: VM, ...ofDisk }, { id: 7 }, null, 'x'] } }
      : { body: { data: [{ id: DISK, managedBy: '', tags: null }], $skipToken: 'next' } };
  });
  const scope = { subscriptionIds: [SUBSCRIPTION], resourceGroup: "o'group" };

  const first = await azure.findPlatformKeyDisks(scope, null);
  const second = await azure.findPlatformKeyDisks(scope, 'next');

  expect(first).toEqual({
    status: 'ok',
    value: { found: [{ id: DISK, managedBy: null, region: '', tags: {} }], skipToken: 'next' },
  });
  expect(second).toEqual({
    status: 'ok',
    value: {
      found: [{ id: diskId('b'), managedBy: VM, region: 'westeurope', tags: { env: 'prod' } }],
      skipToken: null,
    },
  });
  expect(JSON.parse(String(requests[0]?.body)).query).toContain("resourceGroup =~ 'o\\'group'");
});

test('lists disks page by page, a hundred at a time, however many Azure gives at once', async () => {
  const named = (count: number, page: number) =>
    Array.from({ length: count }, (_, place) => ({
      id: diskId(`d-${page}-${place}`),
      location: 'westeurope',
      properties: place % 2 === 0 ? {} : { encryption: { type: CUSTOMER_KEY } },
    }));
  const { azure, requests } = anAzure(({ searchParams, href }) => {
    const page = Number(searchParams.get('page') ?? 0);
    const next = page === 0 ? { nextLink: `${href}&page=1` } : {};
    return { body: { value: named(page === 0 ? 250 : 20, page), ...next } };
  });
  const scope = { subscriptionIds: [SUBSCRIPTION], resourceGroup: 'rg-erp' };

  const counts: number[] = [];
  const ids = new Set<string>();
  let token: string | null = null;
  do {
    const answer = await azure.listPlatformKeyDisks(scope, token);
    if (answer.status !== 'ok') throw new Error(answer.code);
    counts.push(answer.value.found.length);
    for (const { id } of answer.value.found) ids.add(id);
    token = answer.value.skipToken;
  } while (token !== null);

  expect(counts).toEqual([50, 50, 25, 10]);
  expect(ids.size).toBe(135);
  expect(requests).toHaveLength(2);
  expect(requests.every(({ url }) => url.includes('/resourceGroups/rg-erp/'))).toBe(true);
});

test('lists nothing in a group that is not there, and asks nothing about no subscription', async () => {
  const { azure, requests } = anAzure(() => ({
    status: 404,
    body: { error: { code: 'ResourceGroupNotFound', message: 'It could not be found.' } },
  }));
  const nothing = { status: 'ok', value: { found: [], skipToken: null } };

  const scope = { subscriptionIds: [SUBSCRIPTION], resourceGroup: 'rg-none' };
  expect(await azure.listDisks(scope, null)).toEqual(nothing);
  expect(requests).toHaveLength(1);
  expect(await azure.listDisks({ ...scope, subscriptionIds: [] }, null)).toEqual(nothing);
  expect(requests).toHaveLength(1);
});

test('asks Resource Graph nothing about no subscription: it would search all', async () => {
  const { azure, requests } = anAzure(() => ({ body: { data: [] } }));

  const answer = await azure.findPlatformKeyDisks(
    { subscriptionIds: [], resourceGroup: null },
    null,
  );

  expect(answer).toEqual({ status: 'ok', value: { found: [], skipToken: null } });
  expect(requests).toEqual([]);
});

test.for([
  'https://evil.example/keys/disks/1',
  'https://kv.vault.azure.net.evil.example/keys/disks/1',
  'https://vault.azure.net.example/keys/disks/1',
  'http://kv.vault.azure.net/keys/disks/1',
  'https://kv.vault.usgovcloudapi.net/keys/disks/1',
  'https://kv.vault.azure.net/',
  'https://kv.vault.azure.net/secrets/x/1',
  'no URL',
  '',
])('sends no token to where no key is: %s', async (keyUrl) => {
  const { azure, requests, scopes } = anAzure(() => ({ status: 500 }));

  const answer = await azure.readKey(keyUrl);

  expect(answer).toMatchObject({ status: 'refused', code: 'UnknownKeyHost' });
  expect([requests, scopes]).toEqual([[], []]);
});

const CHALLENGE = (resource: string, authority: string) => ({
  status: 401,
  headers: {
    'www-authenticate': `Bearer authorization="${authority}/t", resource="${resource}"`,
  },
});

test('reads a key, its end and its beginning', async () => {
  const { azure } = anAzure((_, { headers }) =>
    headers.has('authorization')
      ? {
          body: {
            key: {
              kid: KEY_URL,
              kty: 'RSA',
              key_ops: ['sign'],
              n: Buffer.alloc(257, 1).toString('base64url'),
            },
            attributes: { enabled: false, exp: 1_800_000_000, nbf: 1_700_000_000 },
          },
        }
      : CHALLENGE('https://vault.azure.net', 'https://login.microsoftonline.com'),
  );

  expect(await azure.readKey(KEY_URL)).toEqual({
    status: 'ok',
    value: {
      url: KEY_URL,
      type: 'RSA',
      sizeBits: 2048,
      operations: ['sign'],
      enabled: false,
      expiresAtMs: 1_800_000_000_000,
      notBeforeMs: 1_700_000_000_000,
    },
  });
});

test.for<[what: string, status: number, body: string, expected: object]>([
  ['a firewall without a body', 403, '', { status: 'refused', code: '403' }],
  ['a proxy in HTML', 403, '<html>"error"</html>', { status: 'refused', code: '403' }],
  ['throttling without a body', 429, '', { status: 'throttled', retryAfterMs: 10_000 }],
  ['nothing there', 404, '', { status: 'ok', value: null }],
  [
    'the vault in its own words',
    403,
    '{"error":{"code":"Forbidden","message":"Caller is not authorized.","innererror":{"code":"ForbiddenByRbac"}}}',
    { status: 'refused', code: 'Forbidden' },
  ],
])('understands who refuses a key: %s', async ([, status, body, expected]) => {
  const { azure } = anAzure((_, { headers }) =>
    headers.has('authorization')
      ? { status, body }
      : CHALLENGE('https://vault.azure.net', 'https://login.microsoftonline.com'),
  );

  expect(await azure.readKey(KEY_URL)).toMatchObject(expected);
});

test('calls a vault that answers 503 without a body an outage', async () => {
  const { azure } = anAzure((_, { headers }) =>
    headers.has('authorization')
      ? { status: 503 }
      : CHALLENGE('https://vault.azure.net', 'https://login.microsoftonline.com'),
  );

  await expect(azure.readKey(KEY_URL)).rejects.toMatchObject({ statusCode: 503 });
});

test.for<[CloudName, vault: string]>([
  ['AzureCloud', 'vault.azure.net'],
  ['AzureUSGovernment', 'vault.usgovcloudapi.net'],
  ['AzureChinaCloud', 'vault.azure.cn'],
])('asks the hosts of %s with its scopes', async ([cloud, vault]) => {
  const { resourceManager, authorityHost } = CLOUDS[cloud];
  const { azure, requests, scopes } = anAzure(({ hostname }, { headers }) => {
    if (!hostname.endsWith(vault)) return { body: { location: 'x', properties: {}, data: [] } };
    return headers.has('authorization')
      ? { body: { key: { kid: `https://kv.${vault}/keys/k/1` }, attributes: {} } }
      : CHALLENGE(`https://${vault}`, authorityHost);
  }, cloud);

  await azure.readDisk(DISK);
  await azure.readDiskEncryptionSet(setId('des'));
  await azure.readGroupManagedBy(DISK);
  await azure.setTag(VM, 'a', 'b');
  await azure.findTaggedVms('t', null);
  await azure.readKey(`https://kv.${vault}/keys/k/1`);

  const hosts = new Set(requests.map(({ url }) => new URL(url).origin));
  expect([...hosts]).toEqual([resourceManager, `https://kv.${vault}`]);
  expect([...new Set(scopes)]).toEqual([
    `${resourceManager}/.default`,
    `https://${vault}/.default`,
  ]);
});

test('tells the code of an operation that failed, and nothing while it runs', async () => {
  const operation = 'https://management.azure.com/operations/1?api-version=1';
  let status = 'InProgress';
  const { azure } = anAzure((url) =>
    url.href === operation
      ? {
          body: {
            status,
            error: { code: 'KeyVaultAccessForbidden', message: 'No access. At all.' },
          },
        }
      : {
          status: 202,
          headers: { 'azure-asyncoperation': operation, 'retry-after': '2' },
          body: { location: 'x', properties: {} },
        },
  );

  const encryption = { type: 't', diskEncryptionSetId: setId('des') };
  const answer = await azure.encryptDisk(DISK, encryption);
  if (answer.status !== 'ok' || answer.value === null) throw new Error('was not accepted');
  const running = await answer.value.outcome();
  status = 'Failed';
  const failed = await answer.value.outcome();

  expect(answer.value.retryAfterMs).toBe(2_000);
  expect(running).toEqual({ status: 'ok', value: null });
  expect(failed).toEqual({
    status: 'ok',
    value: { kind: 'failed', code: 'KeyVaultAccessForbidden', message: 'No access. At all.' },
  });
});
