import { expect, test } from 'vitest';
import { inAzure } from '../orchestrators/a-run.ts';
import { CLIENT_ID } from '../support/simulated-app.ts';

const TENANT_ID = '8a1b6c3e-2f4d-4e5a-9b7c-6d0e1f2a3b4c';
const OBJECT_ID = 'http://schemas.microsoft.com/identity/claims/objectidentifier';
const TENANT = 'http://schemas.microsoft.com/identity/claims/tenantid';
const ROLE = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role';

interface Claim {
  readonly typ: string;
  readonly val: unknown;
}

const CLAIMS: readonly Claim[] = [
  { typ: 'aud', val: CLIENT_ID },
  { typ: TENANT, val: TENANT_ID },
  { typ: OBJECT_ID, val: '2b1f0c9e-8d7a-4b6c-9e5f-1a2b3c4d5e6f' },
  { typ: 'preferred_username', val: 'anna@contoso.example' },
  { typ: 'groups', val: 'a' },
  { typ: 'groups', val: 'b' },
  { typ: 'roles', val: 'keyturn.approve' },
];

function without(typ: string, ...others: readonly Claim[]): readonly Claim[] {
  return [...CLAIMS.filter((claim) => claim.typ !== typ), ...others];
}

function principal(claims: unknown = CLAIMS, differences: object = {}): string {
  const json = { auth_typ: 'aad', name_typ: 'name', role_typ: 'roles', claims, ...differences };
  return Buffer.from(JSON.stringify(json)).toString('base64');
}

async function resume(header: string, platform: boolean) {
  let answered: readonly unknown[] = [];
  await inAzure({ signIn: { platform } }, async ({ app }) => {
    const headers = { 'x-ms-client-principal': header };
    const path = '/api/stop?scope=everything';
    const { status, body } = await app.ask('DELETE', path, undefined, headers);
    answered = [status, (body as { error: { code: string } }).error.code];
  });
  return answered;
}

test.for<[what: string, header: string]>([
  ['as tokens name them', principal()],
  ['by their long names', principal(without('roles', { typ: ROLE, val: 'keyturn.approve' }))],
  [
    'by the type that it names',
    principal(without('roles', { typ: 'r', val: 'keyturn.approve' }), { role_typ: 'r' }),
  ],
])('believes App Service of roles %s', async ([, header]) => {
  expect(await resume(header, true)).toEqual([404, 'StopNotFound']);
});

test('believes no such header where App Service authentication is off', async () => {
  expect(await resume(principal(), false)).toEqual([401, 'PersonRequired']);
});

test.for<[what: string, status: number, code: string, header: string]>([
  ['of another provider', 401, 'PrincipalInvalid', principal(CLAIMS, { auth_typ: 'github' })],
  [
    'of another directory',
    401,
    'PrincipalInvalid',
    principal(without(TENANT, { typ: TENANT, val: 'x' })),
  ],
  ['for another app', 401, 'PrincipalInvalid', principal(without('aud', { typ: 'aud', val: 'x' }))],
  ['of two directories', 401, 'PrincipalInvalid', principal([{ typ: 'tid', val: 'x' }, ...CLAIMS])],
  ['without a person', 401, 'PrincipalInvalid', principal(without(OBJECT_ID))],
  ['of two persons', 401, 'PrincipalInvalid', principal([...CLAIMS, { typ: 'oid', val: 'x' }])],
  ['without claims', 401, 'PrincipalInvalid', principal(null)],
  ['of claims that are none', 401, 'PrincipalInvalid', principal([null])],
  ['of claims that are no texts', 401, 'PrincipalInvalid', principal([{ typ: 'oid', val: 1 }])],
  ['that is no JSON', 401, 'PrincipalInvalid', 'bm90aGluZw=='],
  ['that is nothing', 401, 'PrincipalInvalid', 'bnVsbA=='],
  ['that is enormous', 401, 'PrincipalInvalid', 'x'.repeat(70_000)],
  ['without the role', 403, 'RoleMissing', principal(without('roles'))],
  ['of an application', 403, 'NotAPerson', principal([...CLAIMS, { typ: 'idtyp', val: 'app' }])],
])('believes nothing %s', async ([, status, code, header]) => {
  expect(await resume(header, true)).toEqual([status, code]);
});
