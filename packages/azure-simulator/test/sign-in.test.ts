import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSimulator, type Simulator } from '../src/simulator.ts';

const AUDIENCE = '7c0d3e9a-51b2-4f68-8d0e-a4b5c6d7e8f9';
const LOGIN = 'https://login.microsoftonline.com';
const ANNA = { name: 'anna@contoso.example', audience: AUDIENCE, roles: ['keyturn.approve'] };

async function get({ handle }: Simulator, url: string) {
  const response = await handle(new Request(url));
  return { status: response.status, body: JSON.parse(await response.text()) };
}

function read(token: string, part: number) {
  return JSON.parse(Buffer.from(token.split('.')[part] ?? '', 'base64url').toString());
}

test.for([1, 2] as const)(
  'a token of version %i is signed by a key that is shown',
  async (version) => {
    const azure = createSimulator();
    const { tenantId } = azure;
    const token = azure.personToken({ ...ANNA, version });
    const path = version === 2 ? '/v2.0' : '';

    const { body: about } = await get(
      azure,
      `${LOGIN}/${tenantId}${path}/.well-known/openid-configuration`,
    );
    const { body } = await get(azure, about.jwks_uri);

    const { alg, kid } = read(token, 0);
    const key = body.keys.find((each: JsonWebKey & { kid: string }) => each.kid === kid);
    const [header, claims, signature = ''] = token.split('.');
    const text = Buffer.from(`${header}.${claims}`);
    expect(alg).toBe('RS256');
    expect(
      verify(
        'sha256',
        text,
        createPublicKey({ key, format: 'jwk' }),
        Buffer.from(signature, 'base64url'),
      ),
    ).toBe(true);
    expect(read(token, 1)).toMatchObject({ iss: about.issuer, tid: tenantId, roles: ANNA.roles });
  },
);

test('the same person has the same object ID, and another subject for each app', () => {
  const azure = createSimulator();
  const one = read(azure.personToken(ANNA), 1);
  const other = read(azure.personToken({ ...ANNA, audience: 'other' }), 1);

  expect(other.oid).toBe(one.oid);
  expect(other.sub).not.toBe(one.sub);
  expect(one.sub).not.toBe(one.oid);
});

test('an unknown directory has neither description nor keys', async () => {
  const azure = createSimulator();

  for (const path of ['v2.0/.well-known/openid-configuration', 'discovery/v2.0/keys']) {
    expect(await get(azure, `${LOGIN}/contoso.example/${path}`)).toMatchObject({
      status: 400,
      body: { error: 'invalid_tenant', error_description: expect.stringMatching(/^AADSTS90002: /) },
    });
  }
});

test('nobody signs in', async () => {
  const azure = createSimulator();

  expect(await get(azure, `${LOGIN}/${azure.tenantId}/oauth2/v2.0/authorize`)).toMatchObject({
    status: 501,
  });
});

async function order({ handle }: Simulator, body: unknown) {
  const url = 'https://simulator.keyturn.local/tokens';
  const response = await handle(new Request(url, { method: 'POST', body: JSON.stringify(body) }));
  return { status: response.status, body: JSON.parse(await response.text()) };
}

test('another process gets tokens from the control plane', async () => {
  const { status, body } = await order(createSimulator(), { ...ANNA, claims: { idtyp: 'user' } });

  expect(status).toBe(201);
  expect(read(body.token, 1)).toMatchObject({
    aud: AUDIENCE,
    idtyp: 'user',
    preferred_username: ANNA.name,
    roles: ANNA.roles,
  });
});

test.for<[body: unknown, errors: readonly string[]]>([
  [[], ['$: expected an object']],
  [{}, ['$.name: expected a text', '$.audience: expected a text']],
  [{ ...ANNA, roles: 'keyturn.approve' }, ['$.roles: expected a list of texts']],
  [
    { ...ANNA, version: 3, claims: 1, header: [] },
    ['$.version: expected 1 or 2', '$.claims: expected an object', '$.header: expected an object'],
  ],
])('%j is no token', async ([body, errors]) => {
  expect(await order(createSimulator(), body)).toEqual({ status: 400, body: { errors } });
});
