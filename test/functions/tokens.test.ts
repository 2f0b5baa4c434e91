import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';
import type { TokenRequest } from '@keyturn/azure-simulator/person-token';
import { createSimulator, type Simulator } from '@keyturn/azure-simulator/simulator';
import { expect, test } from 'vitest';
import { HOUR_MS, inAzure, MINUTE_MS, type Run } from '../orchestrators/a-run.ts';
import { CLIENT_ID, OWNER } from '../support/simulated-app.ts';

const ANNA: TokenRequest = {
  name: 'anna@contoso.example',
  audience: CLIENT_ID,
  roles: ['keyturn.approve'],
};
const OTHER_TENANT = '0c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f';
const DISCOVERY = /\/discovery\/v2\.0\/keys$/;

/** Asks for what takes the role, and would be harmless: there is no stop to take away. */
async function resume({ app }: Pick<Run, 'app'>, headers: Readonly<Record<string, string>>) {
  const { status, body } = await app.ask(
    'DELETE',
    '/api/stop?scope=everything',
    undefined,
    headers,
  );
  return [status, (body as { error: { code: string } }).error.code];
}

const ALLOWED = [404, 'StopNotFound'];

function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}

const now = (): number => Math.floor(Date.now() / 1000);
const base64 = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');

test.for<[what: string, token: Partial<TokenRequest> | (() => Partial<TokenRequest>)]>([
  ['of version 2', {}],
  ['of version 1', { version: 1 }],
  ['with other roles besides', { roles: ['Reader', 'keyturn.approve', 'keyturn.convert'] }],
  ['that expired a moment ago', () => ({ claims: { exp: now() - 240 } })],
  ['that is valid in a moment', () => ({ claims: { nbf: now() + 240 } })],
])('takes a token %s', async ([, differences]) => {
  await inAzure({}, async (run) => {
    const changes = typeof differences === 'function' ? differences() : differences;
    const token = run.simulator.personToken({ ...ANNA, ...changes });

    expect(await resume(run, bearer(token))).toEqual(ALLOWED);
  });
});

const FORGED: readonly [
  what: string,
  code: string,
  forge: (azure: Simulator) => string | Promise<string>,
][] = [
  [
    'without a signature',
    'TokenAlgorithmNotAllowed',
    (azure) => {
      const [, claims] = parts(azure.personToken(ANNA));
      return `${base64({ alg: 'none', kid: 'any' })}.${claims}.`;
    },
  ],
  [
    'signed with the public key as a secret',
    'TokenAlgorithmNotAllowed',
    async (azure) => {
      const [, claims] = parts(azure.personToken(ANNA));
      const { keys } = await keysOf(azure);
      const text = `${base64({ alg: 'HS256', typ: 'JWT', kid: keys[0]?.kid })}.${claims}`;
      const key = createPublicKey({ key: keys[0] ?? {}, format: 'jwk' });
      const secret = key.export({ type: 'spki', format: 'pem' });
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    },
  ],
  ['of a key that is not the directory’s', 'TokenKeyUnknown', () => stranger().personToken(ANNA)],
  [
    'of a key that has taken its name',
    'TokenSignatureInvalid',
    (azure) => {
      const [header = ''] = parts(azure.personToken(ANNA));
      const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
      return stranger().personToken({ ...ANNA, header: { kid } });
    },
  ],
  [
    'that brings its own key',
    'TokenKeyUnknown',
    () => stranger().personToken({ ...ANNA, header: { jku: 'https://evil.example/keys' } }),
  ],
  [
    'without a key ID',
    'TokenMalformed',
    (azure) => azure.personToken({ ...ANNA, header: { kid: '' } }),
  ],
  [
    'whose claims were changed',
    'TokenSignatureInvalid',
    (azure) => {
      const [header, , signature] = parts(azure.personToken({ ...ANNA, roles: [] }));
      return [header, parts(azure.personToken(ANNA))[1], signature].join('.');
    },
  ],
  [
    'that wants what nobody knows',
    'TokenMalformed',
    (azure) => azure.personToken({ ...ANNA, header: { crit: ['x'], x: true } }),
  ],
  [
    'of another issuer',
    'TokenIssuerInvalid',
    (azure) => azure.personToken({ ...ANNA, claims: { iss: 'https://evil.example/' } }),
  ],
  [
    'of another directory',
    'TokenIssuerInvalid',
    (azure) =>
      azure.personToken({
        ...ANNA,
        claims: { iss: `https://login.microsoftonline.com/${OTHER_TENANT}/v2.0` },
      }),
  ],
  [
    'that says it is of another directory',
    'TokenIssuerInvalid',
    (azure) => azure.personToken({ ...ANNA, claims: { tid: OTHER_TENANT } }),
  ],
  [
    'without a directory',
    'TokenMalformed',
    (azure) => azure.personToken({ ...ANNA, claims: { tid: null } }),
  ],
  [
    'for another app',
    'TokenAudienceInvalid',
    (azure) => azure.personToken({ ...ANNA, audience: 'https://management.azure.com' }),
  ],
  [
    'that has expired',
    'TokenExpired',
    (azure) => azure.personToken({ ...ANNA, claims: { exp: now() - 301 } }),
  ],
  [
    'that never expires',
    'TokenMalformed',
    (azure) => azure.personToken({ ...ANNA, claims: { exp: null } }),
  ],
  [
    'that is not valid yet',
    'TokenNotYetValid',
    (azure) => azure.personToken({ ...ANNA, claims: { nbf: now() + 301 } }),
  ],
  [
    'that names nobody',
    'TokenMalformed',
    (azure) => azure.personToken({ ...ANNA, claims: { oid: null } }),
  ],
  [
    'that only says who signed in',
    'TokenNotForAccess',
    (azure) => azure.personToken({ ...ANNA, claims: { scp: null } }),
  ],
  [
    'that is longer than any',
    'TokenMalformed',
    (azure) => azure.personToken({ ...ANNA, claims: { groups: 'x'.repeat(16_384) } }),
  ],
  ['that is none', 'TokenMalformed', () => 'static'],
  ['of empty parts', 'TokenMalformed', () => '..'],
];

function parts(token: string): readonly string[] {
  return token.split('.');
}

async function keysOf({ tenantId, handle }: Simulator) {
  const url = `https://login.microsoftonline.com/${tenantId}/discovery/v2.0/keys`;
  const answered = await handle(new Request(url));
  return (await answered.json()) as { keys: readonly (JsonWebKey & { readonly kid: string })[] };
}

/** Another directory of the same name: whoever runs it has another key. */
function stranger(): Simulator {
  return createSimulator();
}

test.for(FORGED)('refuses a token %s: %s', async ([, code, forge]) => {
  await inAzure({}, async (run) => {
    expect(await resume(run, bearer(await forge(run.simulator)))).toEqual([401, code]);
  });
});

test.for<[what: string, code: string, token: Partial<TokenRequest>]>([
  ['a person without the role', 'RoleMissing', { roles: [] }],
  ['a person who may only convert', 'RoleMissing', { roles: ['keyturn.convert'] }],
  ['a role in other letters', 'RoleMissing', { roles: ['Keyturn.Approve'] }],
  ['a role that is no list', 'RoleMissing', { claims: { roles: 'keyturn.approve' } }],
  ['an application', 'NotAPerson', { claims: { idtyp: 'app', scp: null } }],
  ['an application that says nothing of itself', 'NotAPerson', { claims: { oid: 'a', sub: 'a' } }],
])('lets %s not approve: %s', async ([, code, differences]) => {
  await inAzure({}, async (run) => {
    const token = run.simulator.personToken({ ...ANNA, ...differences });

    expect(await resume(run, bearer(token))).toEqual([403, code]);
  });
});

test('a wrong token beside the right key is wrong', async () => {
  await inAzure({}, async (run) => {
    expect(await resume(run, { ...OWNER, ...bearer('static') })).toEqual([401, 'TokenMalformed']);
  });
});

test.for<[what: string, headers: Readonly<Record<string, string>>, code: string]>([
  ['nothing', {}, 'PersonRequired'],
  ['a function key', { 'x-functions-key': 'a function key' }, 'PersonRequired'],
  ['a password', { authorization: 'Basic YTpi' }, 'PersonRequired'],
  ['an empty token', { authorization: 'Bearer ' }, 'PersonRequired'],
])('%s is nobody', async ([, headers, code]) => {
  await inAzure({}, async (run) => {
    expect(await resume(run, headers)).toEqual([401, code]);
  });
});

test('says what to set where no app registration is', async () => {
  await inAzure({ signIn: { registration: null } }, async (run) => {
    const headers = bearer(run.simulator.personToken(ANNA));
    const path = '/api/stop?scope=everything';

    expect(await run.app.ask('DELETE', path, undefined, headers)).toMatchObject({
      status: 401,
      body: {
        error: {
          code: 'TokensNotSetUp',
          message: expect.stringMatching(/KEYTURN_TENANT_ID and KEYTURN_API_CLIENT_ID/),
        },
      },
    });
  });
});

test('where there is no owner of the machine, the key of one is a function key', async () => {
  await inAzure({ signIn: { local: null } }, async (run) => {
    expect(await resume(run, OWNER)).toEqual([401, 'PersonRequired']);
  });
});

test("reads the directory's keys once a day", async () => {
  await inAzure({}, async (run) => {
    const ask = () => resume(run, bearer(run.simulator.personToken(ANNA)));
    for (let time = 0; time < 5; time += 1) await ask();
    expect(readings(run)).toBe(1);

    await run.time.advance(23 * HOUR_MS);
    await ask();
    expect(readings(run)).toBe(1);

    await run.time.advance(HOUR_MS);
    expect(await ask()).toEqual(ALLOWED);
    expect(readings(run)).toBe(2);
  });
});

test('reads them again for an unknown key ID, and once a minute at most', async () => {
  await inAzure({}, async (run) => {
    const forged = stranger().personToken(ANNA);
    await resume(run, bearer(run.simulator.personToken(ANNA)));
    await run.time.advance(MINUTE_MS);

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => resume(run, bearer(forged))),
    );

    expect(new Set(answers.map(String))).toEqual(new Set(['401,TokenKeyUnknown']));
    expect(readings(run)).toBe(2);
    await run.time.advance(MINUTE_MS);
    await resume(run, bearer(forged));
    expect(readings(run)).toBe(3);
  });
});

test('knows a key that the directory has only just begun to use', async () => {
  await inAzure({}, async (run) => {
    await resume(run, bearer(run.simulator.personToken(ANNA)));
    const next = createSimulator();
    run.line.answer({ method: 'GET', path: DISCOVERY }, 200, await keysOf(next));
    await run.time.advance(MINUTE_MS);

    expect(await resume(run, bearer(next.personToken(ANNA)))).toEqual(ALLOWED);
  });
});

test('refuses nobody for good while the keys cannot be read, and goes on with those it knows', async () => {
  await inAzure({}, async (run) => {
    const ask = () => resume(run, bearer(run.simulator.personToken(ANNA)));
    run.line.cutFor(30_000);
    expect(await ask()).toEqual([503, 'SigningKeysUnavailable']);

    await run.time.advance(MINUTE_MS);
    expect(await ask()).toEqual(ALLOWED);

    await run.time.advance(48 * HOUR_MS);
    run.line.cutFor(HOUR_MS);
    expect(await ask()).toEqual(ALLOWED);
  });
});

test.for<[what: string, change: (said: Readonly<Record<string, unknown>>) => unknown]>([
  ['keys elsewhere', (said) => ({ ...said, jwks_uri: 'https://evil.example/keys' })],
  ['another issuer', (said) => ({ ...said, issuer: 'https://sts.windows.net/common/' })],
  ['nothing', () => ({})],
])('takes no keys from a directory that describes %s', async ([, change]) => {
  await inAzure({}, async (run) => {
    run.line.rewrite(/openid-configuration$/, change, run.direct);

    const answered = await resume(run, bearer(run.simulator.personToken(ANNA)));

    expect(answered).toEqual([503, 'SigningKeysUnavailable']);
    expect(readings(run)).toBe(0);
  });
});

function readings({ line }: Run): number {
  return line.requests.filter(({ path }) => DISCOVERY.test(path)).length;
}
