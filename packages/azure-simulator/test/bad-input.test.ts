import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startProxy } from '../src/proxy.ts';
import { createSimulator } from '../src/simulator.ts';
import { type ARequest, bearer, refusalOf } from './a-request.ts';

const ARM = 'https://management.azure.com';
const VAULT = 'https://kv-1.vault.azure.net';
const HSM = 'https://hsm-1.managedhsm.azure.net';
const SUBSCRIPTION = '/subscriptions/5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30';
const GROUP = `${SUBSCRIPTION}/resourceGroups/rg-test`;
const DISK = `${GROUP}/providers/Microsoft.Compute/disks/disk-1`;
const DISKS_AT = 'api-version=2024-03-02';
const NOW = Math.floor(Date.now() / 1000);

function anAzure() {
  const simulator = createSimulator();
  simulator.estate.addDisk({ name: 'disk-1' });
  simulator.estate.addVault({ name: 'kv-1', keys: [{ name: 'k' }] });
  simulator.estate.addVault({ name: 'hsm-1', kind: 'hsm', keys: [{ name: 'k' }] });
  return simulator;
}

type Claims = Readonly<Record<string, unknown>>;
type TokenCase = readonly [what: string, url: string, claims: Claims, code: string, said: string];

const HOME = 'https://sts.windows.net/8a1b6c3e-2f4d-4e5a-9b7c-6d0e1f2a3b4c/';
const ABROAD = 'https://sts.windows.net/11111111-2222-4333-a444-555555555555/';
const DISK_URL = `${ARM}${DISK}?${DISKS_AT}`;
const KEY_URL = `${VAULT}/keys/k?api-version=7.5`;
const HSM_URL = `${HSM}/keys/k?api-version=7.5`;

test.for<TokenCase>([
  [
    'a token for a vault at the resource manager',
    DISK_URL,
    { aud: 'https://vault.azure.net' },
    'InvalidAuthenticationTokenAudience',
    "wrong audience or resource 'https://vault.azure.net'",
  ],
  [
    'a token of another tenant',
    DISK_URL,
    { aud: ARM, iss: ABROAD },
    'InvalidAuthenticationTokenTenant',
    `from the wrong issuer '${ABROAD}'. It must match the tenant '${HOME}'`,
  ],
  [
    'a token that expired',
    DISK_URL,
    { aud: `${ARM}/`, exp: NOW - 60 },
    'ExpiredAuthenticationToken',
    'is earlier than current UTC time',
  ],
  [
    'a token without claims',
    DISK_URL,
    { aud: undefined },
    'InvalidAuthenticationToken',
    'The access token is invalid.',
  ],
  [
    'a token for the resource manager at a vault',
    KEY_URL,
    { aud: `${ARM}/` },
    'Unauthorized',
    `AKV10022: Invalid audience. Expected https://vault.azure.net, found: ${ARM}/.`,
  ],
  [
    'a token of another tenant at a vault',
    KEY_URL,
    { aud: 'https://vault.azure.net', iss: ABROAD },
    'Unauthorized',
    'AKV10032: Invalid issuer.',
  ],
  [
    'an expired token at a vault',
    KEY_URL,
    { aud: 'https://vault.azure.net', exp: NOW - 60 },
    'Unauthorized',
    'IDX10223',
  ],
  [
    'a token for a vault at a managed HSM',
    HSM_URL,
    { aud: 'https://vault.azure.net' },
    'Unauthorized',
    'Expected https://managedhsm.azure.net, found: https://vault.azure.net.',
  ],
])('refuses %s', async ([, url, claims, code, said]) => {
  const authorization = bearer({ iss: HOME, exp: NOW + 3600, ...claims });

  const refused = await refusalOf(anAzure(), url, { authorization });

  expect(refused).toMatchObject({ status: 401, code });
  expect(refused.message).toContain(said);
  expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer /);
});

test.for<[what: string, url: string, authorization: string | null, code: string]>([
  ['no token', DISK_URL, null, 'AuthenticationFailed'],
  ['another scheme', DISK_URL, 'Basic YTpi', 'AuthenticationFailedInvalidHeader'],
  ['a token in pieces', DISK_URL, 'Bearer a.b', 'InvalidAuthenticationToken'],
  ['a token that is no JSON', DISK_URL, 'Bearer a.b.c', 'InvalidAuthenticationToken'],
  ['no token at a vault', KEY_URL, null, 'Unauthorized'],
  ['a token in pieces at a vault', KEY_URL, 'Bearer a.b', 'Unauthorized'],
  ['another scheme at a managed HSM', HSM_URL, 'Basic YTpi', 'Unauthorized'],
])('refuses %s', async ([, url, authorization, code]) => {
  expect(await refusalOf(anAzure(), url, { authorization })).toMatchObject({ status: 401, code });
});

test.for([
  [DISK_URL, 'https://management.core.windows.net/', 'AuthorizationFailed'],
  [KEY_URL, 'https://vault.azure.net', 'Forbidden'],
  [HSM_URL, 'https://managedhsm.azure.net', 'AccessDenied'],
])('takes the right token at %s, whatever its caller may do', async ([url = '', aud, code]) => {
  const authorization = bearer({ aud, iss: HOME, exp: NOW + 3600, oid: 'somebody' });

  expect(await refusalOf(anAzure(), url, { authorization })).toMatchObject({ status: 403, code });
});

type UrlCase = readonly [what: string, path: string, status: number, code: string, said?: string];

test.for<UrlCase>([
  ['no version', DISK, 400, 'MissingApiVersionParameter'],
  [
    'a version that disks do not have',
    `${DISK}?api-version=2024-03-03`,
    400,
    'NoRegisteredProviderFound',
    "API version '2024-03-03' for type 'disks'. The supported api-versions are '2016-04-30-preview,",
  ],
  ['a version that is none', `${DISK}?api-version=latest`, 400, 'NoRegisteredProviderFound'],
  [
    'a version that groups do not have',
    `${SUBSCRIPTION}/resourceGroups?api-version=1999-01-01`,
    400,
    'InvalidApiVersionParameter',
    "The api-version '1999-01-01' is invalid. The supported versions are '2025-04-01,",
  ],
  [
    'no version, for a type without a list',
    `${GROUP}/providers/Microsoft.Foo/bars/b?api-version=x'y`,
    400,
    'InvalidApiVersionParameter',
  ],
  [
    'a subscription by name',
    `/subscriptions/Pay-As-You-Go/resourceGroups?api-version=2022-12-01`,
    400,
    'InvalidSubscriptionId',
    "The provided subscription identifier 'Pay-As-You-Go' is malformed or invalid.",
  ],
  [
    'a blank in the name of a group',
    `${SUBSCRIPTION}/resourceGroups/my%20group?api-version=2022-12-01`,
    400,
    'InvalidResourceGroup',
    "The provided resource group name 'my group' has these invalid characters: ' '.",
  ],
  [
    'a slash in the name of a group',
    `${SUBSCRIPTION}/resourceGroups/a%2Fb?api-version=2022-12-01`,
    400,
    'InvalidResourceGroup',
  ],
  [
    'a group that ends with a dot',
    `${SUBSCRIPTION}/resourceGroups/rg.?api-version=2022-12-01`,
    400,
    'InvalidResourceGroup',
  ],
  [
    'a group with a long name',
    `${SUBSCRIPTION}/resourceGroups/${'g'.repeat(91)}?api-version=2022-12-01`,
    400,
    'InvalidResourceGroup',
  ],
  [
    'a namespace that is none',
    `${GROUP}/providers/Compute/disks/disk-1?${DISKS_AT}`,
    404,
    'InvalidResourceNamespace',
  ],
  [
    'a type that is none',
    `${GROUP}/providers/Microsoft.Compute/di$ks/disk-1?${DISKS_AT}`,
    404,
    'InvalidResourceType',
  ],
  [
    'a slash in the name of a disk',
    `${GROUP}/providers/Microsoft.Compute/disks/a%2F..%2Fb?${DISKS_AT}`,
    400,
    'InvalidResourceName',
  ],
  [
    'a name of 261 letters',
    `${GROUP}/providers/Microsoft.Compute/disks/${'d'.repeat(261)}?${DISKS_AT}`,
    400,
    'InvalidResourceName',
  ],
  [
    'a way out of the group',
    `${GROUP}/../../../etc/passwd?${DISKS_AT}`,
    400,
    'InvalidSubscriptionId',
  ],
  [
    'a percent sign alone',
    `${GROUP}/providers/Microsoft.Compute/disks/100%?${DISKS_AT}`,
    400,
    'BadRequest',
  ],
  [
    'half a letter',
    `${GROUP}/providers/Microsoft.Compute/disks/%C3?${DISKS_AT}`,
    400,
    'BadRequest',
  ],
  [
    'a URL of 20,000 letters',
    `${DISK}?${DISKS_AT}&x=${'y'.repeat(20_000)}`,
    414,
    'RequestUriTooLong',
  ],
])('refuses %s', async ([, path, status, code, said = '']) => {
  const refused = await refusalOf(anAzure(), `${ARM}${path}`);

  expect(refused).toMatchObject({ status, code });
  expect(refused.message).toContain(said);
});

test.for<[method: string, path: string]>([
  ['POST', DISK],
  ['OPTIONS', DISK],
  ['PUT', `${GROUP}/providers/Microsoft.Compute/disks`],
  ['DELETE', `${GROUP}/providers/Microsoft.Compute/disks`],
])('refuses to %s %s', async ([method, path]) => {
  expect(await refusalOf(anAzure(), `${ARM}${path}?${DISKS_AT}`, { method })).toMatchObject({
    status: 405,
    code: 'MethodNotAllowed',
  });
});

type BodyCase = readonly [
  what: string,
  request: ARequest,
  status: number,
  code: string,
  said: string,
];

test.for<BodyCase>([
  ['no body', {}, 400, 'InvalidRequestContent', 'Error reading JObject'],
  ['half a body', { body: '{"location": ' }, 400, 'InvalidRequestContent', 'parsing value: {'],
  [
    'a list',
    { body: [] },
    400,
    'InvalidRequestContent',
    'Cannot deserialize the current JSON array',
  ],
  ['a word', { body: '"disk"' }, 400, 'InvalidRequestContent', 'Unexpected character'],
  ['nothing at all', { body: 'null' }, 400, 'InvalidRequestContent', 'Unexpected character'],
  [
    'a member that no resource has',
    { body: { location: 'westeurope', AccountType: 'x' } },
    400,
    'InvalidRequestContent',
    "'Could not find member 'AccountType' on object of type 'ResourceDefinition'. Path 'AccountType', line 1, position",
  ],
  [
    'a location that is no text',
    { body: { location: {} } },
    400,
    'InvalidRequestContent',
    'Unexpected character encountered while parsing value: {. Path',
  ],
  ['tags in a list', { body: { tags: ['a'] } }, 400, 'InvalidRequestContent', "Path 'tags'"],
  [
    'tags of tags',
    { body: { tags: { a: { b: 'c' } } } },
    400,
    'InvalidRequestContent',
    "Path 'tags'",
  ],
  [
    'properties in a word',
    { body: { properties: 'x' } },
    400,
    'InvalidRequestFormat',
    'Cannot parse',
  ],
  [
    'another content type',
    { body: '<disk/>', contentType: 'text/xml' },
    415,
    'UnsupportedMediaType',
    "The content media type 'text/xml' is not supported. Only 'application/json' is supported.",
  ],
  [
    'more than 4 MB',
    { body: { tags: { a: 'b'.repeat(4 * 2 ** 20) } } },
    413,
    'RequestContentTooLarge',
    'The request content size exceeds the maximum size of 4 MB.',
  ],
])('refuses to write a disk with %s', async ([, request, status, code, said]) => {
  const simulator = anAzure();

  const refused = await refusalOf(simulator, DISK_URL, { method: 'PUT', ...request });

  expect(refused).toMatchObject({ status, code });
  expect(refused.message).toContain(said);
  expect((await refusalOf(simulator, DISK_URL)).status).toBe(200);
});

test('refuses to make a disk of a name that disks cannot have', async () => {
  const url = `${ARM}${GROUP}/providers/Microsoft.Compute/disks/-disk-?${DISKS_AT}`;

  const refused = await refusalOf(anAzure(), url, { method: 'PUT', body: {} });

  expect(refused).toMatchObject({ status: 400, code: 'InvalidParameter' });
  expect(refused.message).toContain("The entity name '-disk-' is invalid");
});

type VaultCase = readonly [what: string, path: string, request: ARequest, said: string];

test.for<VaultCase>([
  ['no version', '/keys/k', {}, 'api-version must be specified'],
  [
    'a version that vaults do not have',
    '/keys/k?api-version=7.99',
    {},
    'The specified version (7.99) is not recognized. Consider using the latest supported version (2025-07-01).',
  ],
  [
    'a name that keys cannot have',
    '/keys/key!@%23$/create?api-version=7.5',
    { method: 'POST', body: { kty: 'RSA' } },
    'The request URI contains an invalid name: key!@#$',
  ],
  [
    'a body that is no JSON',
    '/keys/k/create?api-version=7.5',
    { method: 'POST', body: '{' },
    'Property  has invalid value\n',
  ],
  [
    'no kind of key',
    '/keys/k/create?api-version=7.5',
    { method: 'POST', body: {} },
    'Property kty has invalid value\n',
  ],
  [
    'a size that no key has',
    '/keys/k/create?api-version=7.5',
    { method: 'POST', body: { kty: 'RSA', key_size: 1024 } },
    'Property key_size has invalid value\n',
  ],
  [
    'a truth value that is a word',
    '/keys/k?api-version=7.5',
    { method: 'PATCH', body: { attributes: { enabled: 'no' } } },
    'Property enabled has invalid value\n',
  ],
  [
    'a rotation every day',
    '/keys/k/rotationpolicy?api-version=7.5',
    {
      method: 'PUT',
      body: {
        lifetimeActions: [{ trigger: { timeAfterCreate: 'P1D' }, action: { type: 'Rotate' } }],
      },
    },
    'Property lifetimeActions has invalid value\n',
  ],
])('a vault refuses %s', async ([, path, request, said]) => {
  expect(await refusalOf(anAzure(), `${VAULT}${path}`, request)).toMatchObject({
    status: 400,
    code: 'BadParameter',
    message: said,
  });
});

test('the proxy refuses what it cannot keep', async () => {
  const simulator = anAzure();
  const proxy = await startProxy(simulator);
  const { port } = new URL(proxy.url);
  const line = `PUT http://management.azure.com${DISK}?${DISKS_AT} HTTP/1.1\r\n`;
  const head = `${line}Host: management.azure.com\r\nAuthorization: Bearer static\r\nContent-Type: application/json\r\nConnection: close\r\n`;
  const body = JSON.stringify({ location: 'x'.repeat(17 * 2 ** 20) });

  try {
    const whole = await talk(Number(port), `${head}Content-Length: ${body.length}\r\n\r\n${body}`);
    const chunked = await talk(
      Number(port),
      `${head}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    );

    expect(whole).toMatch(/^HTTP\/1.1 413 [\s\S]*RequestContentTooLarge/);
    expect(chunked).toMatch(/^HTTP\/1.1 413 [\s\S]*RequestContentTooLarge/);
  } finally {
    await proxy.stop();
    simulator.close();
  }
});

/** What a socket got back until it was closed. */
function talk(port: number, words: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(words));
    socket.setTimeout(3000, () => socket.destroy());
    socket.on('data', (data) => {
      heard += String(data);
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
  });
}

test('goes on after garbage at the port of the proxy and of the identity endpoint', async () => {
  const simulator = anAzure();
  const proxy = await startProxy(simulator);
  const { IDENTITY_ENDPOINT = '', IDENTITY_HEADER = '' } = proxy.env;
  const { port: identityPort } = new URL(IDENTITY_ENDPOINT);
  const { port } = new URL(proxy.url);
  const host = 'management.azure.com';
  const secret = { 'X-IDENTITY-HEADER': IDENTITY_HEADER };

  try {
    for (const words of [
      '\u0000\u0001\u0002 garbage \r\n\r\n',
      `GET http://${host}/%zz?%zz=%zz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      `TRACE http://${host}/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      `GET http://${host}/ HTTP/1.1\r\nHost: ${host}\r\nX-Long: ${'x'.repeat(200_000)}\r\n\r\n`,
      `CONNECT ]:99999 HTTP/1.1\r\n\r\n`,
    ]) {
      await talk(Number(port), words);
      await talk(Number(identityPort), words);
    }
    const withBody = await talk(
      Number(identityPort),
      `GET /msi/token?resource=x HTTP/1.1\r\nHost: x\r\nX-IDENTITY-HEADER: ${IDENTITY_HEADER}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
    );
    const token = await fetch(`${IDENTITY_ENDPOINT}?resource=${ARM}`, { headers: secret });
    const plain = await talk(
      Number(port),
      `GET ${DISK_URL.replace('https:', 'http:')} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer static\r\nConnection: close\r\n\r\n`,
    );

    expect(withBody).toMatch(/^HTTP\/1.1 200 /);
    expect(token.status).toBe(200);
    expect(plain).toMatch(/^HTTP\/1.1 \d{3} /);
  } finally {
    await proxy.stop();
    simulator.close();
  }
});
