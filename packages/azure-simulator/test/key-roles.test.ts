import { KeyClient } from '@azure/keyvault-keys';
import { expect, test } from 'vitest';
import type { RoleAssignmentDescription } from '../src/estate/estate-description.ts';
import { createSimulator } from '../src/simulator.ts';
import { clientsOf, refusal } from './clients.ts';

const SUBSCRIPTION = '5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30';
const VAULTS = `/subscriptions/${SUBSCRIPTION}/resourceGroups/RG-Keys/providers/Microsoft.KeyVault`;
const VAULT = `${VAULTS}/vaults/kv-1`;
const HSM = `${VAULTS}/managedHSMs/hsm-1`;

const ROTATOR = {
  name: 'Rotator',
  actions: [],
  dataActions: ['read', 'rotate/action', 'update/action'].map(
    (right) => `Microsoft.KeyVault/vaults/keys/${right}`,
  ),
};

const HSM_READER = {
  name: 'HSM Reader',
  actions: [],
  dataActions: ['Microsoft.KeyVault/managedHsm/keys/read/action'],
};

type Grant = Omit<RoleAssignmentDescription, 'principal'>;

function anEstate(...grants: readonly Grant[]) {
  const simulator = createSimulator({
    speed: 1000,
    estate: {
      subscriptionId: SUBSCRIPTION,
      resourceGroups: [{ name: 'RG-Keys' }],
      vaults: [
        {
          ...{ name: 'kv-1', group: 'RG-Keys', purgeProtection: false },
          keys: [{ name: 'k' }, { name: 'other' }, { name: 'gone', deleted: true }],
        },
        { name: 'hsm-1', kind: 'hsm', group: 'RG-Keys', keys: [{ name: 'k' }] },
      ],
      roles: [ROTATOR, HSM_READER],
      roleAssignments: grants.map((grant) => ({ principal: 'caller', ...grant })),
    },
  });
  const credential = {
    getToken: async () => ({ token: 'static', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
  };
  const options = { httpClient: simulator.httpClient, retryOptions: { maxRetries: 0 } };
  const hsm = new KeyClient('https://hsm-1.managedhsm.azure.net', credential, options);
  return { simulator, vault: clientsOf(simulator).keys('kv-1'), hsm };
}

/** What can be done with keys, each by its own right. */
const CALLS: Readonly<Record<string, (client: KeyClient) => PromiseLike<unknown>>> = {
  read: (client) => client.getKey('k'),
  list: (client) => client.listPropertiesOfKeys().next(),
  create: (client) => client.createRsaKey('new'),
  update: (client) => client.updateKeyProperties('k', { enabled: true }),
  rotate: (client) => client.rotateKey('k'),
  readPolicy: (client) => client.getKeyRotationPolicy('k'),
  setPolicy: (client) => client.updateKeyRotationPolicy('k', { expiresIn: 'P90D' }),
  recover: (client) => client.beginRecoverDeletedKey('gone'),
  delete: (client) => client.beginDeleteKey('other'),
  purge: (client) => client.purgeDeletedKey('gone'),
};

/** Each in a vault of its own, so that none spoils it for another. */
async function allowedTo(...grants: readonly Grant[]): Promise<readonly string[]> {
  const tried = Object.entries(CALLS).map(async ([name, call]) => {
    const answer = call(anEstate(...grants).vault);
    const code = await Promise.resolve(answer).then(
      () => 'ok',
      (error: { readonly code?: string }) => error.code,
    );
    return { name, code };
  });
  const answers = await Promise.all(tried);
  expect(answers.filter(({ code }) => code !== 'ok' && code !== 'Forbidden')).toEqual([]);
  return answers.filter(({ code }) => code === 'ok').map(({ name }) => name);
}

test.for<[who: string, grants: readonly Grant[], allowed: readonly string[]]>([
  ['whoever is not described', [], Object.keys(CALLS)],
  ['an Owner, who has no right on data by that', [{ role: 'Owner' }], []],
  ['a Key Vault Reader', [{ role: 'Key Vault Reader' }], ['read', 'list', 'readPolicy']],
  ['a Key Vault Crypto Officer', [{ role: 'Key Vault Crypto Officer' }], Object.keys(CALLS)],
  ['a role of its own', [{ role: 'Rotator' }], ['read', 'list', 'update', 'rotate']],
  [
    'a reader of one key',
    [{ role: 'Key Vault Reader', scope: `${VAULT}/keys/k` }],
    ['read', 'readPolicy'],
  ],
  ['a reader of another group', [{ role: 'Key Vault Reader', scope: `${VAULTS}/vaults/kv` }], []],
])('with keys of a vault by roles, this may be done by %s', async ([, grants, allowed]) => {
  expect(await allowedTo(...grants)).toEqual(allowed);
});

test('a vault names the right that is missing, on what, and for whom', async () => {
  const { vault, simulator } = anEstate({ role: 'Reader' });
  const { appId, objectId, tenantId } = simulator.identity;

  const refused = await vault.getKey('k').catch((error: unknown) => error);

  expect(refused).toMatchObject({
    statusCode: 403,
    code: 'Forbidden',
    details: { error: { innerError: { code: 'ForbiddenByRbac' } } },
  });
  const { message } = refused as Error;
  for (const line of [
    'Caller is not authorized to perform action on resource.',
    `Caller: appid=${appId};oid=${objectId};iss=https://sts.windows.net/${tenantId}/`,
    "Action: 'Microsoft.KeyVault/vaults/keys/read'",
    `Resource: '${VAULT.toLowerCase()}/keys/k'`,
    'Assignment: (not found)',
    'Vault: kv-1;location=westeurope',
  ]) {
    expect(message.split('\r\n')).toContain(line);
  }
});

test('a managed HSM goes by roles of its own, and by no other', async () => {
  const asReader = anEstate({ role: 'Key Vault Administrator' }, { role: 'Owner' });
  const asAuditor = anEstate({ role: 'Managed HSM Crypto Auditor', scope: HSM });
  const byOwnRole = anEstate({ role: 'HSM Reader', scope: HSM });
  const ofOneKey = anEstate({ role: 'Managed HSM Crypto Auditor', scope: `${HSM}/keys/other` });

  const read = [await asAuditor.hsm.getKey('k'), await byOwnRole.hsm.getKey('k')];

  expect(read.map(({ keyType }) => keyType)).toEqual(['RSA-HSM', 'RSA-HSM']);
  await expect(asReader.hsm.getKey('k')).rejects.toThrow(
    'Not authorized to access Microsoft.KeyVault/managedHsm/keys/read/action on /keys/k',
  );
  const denied = { code: 'AccessDenied', status: 403 };
  expect(await refusal(ofOneKey.hsm.getKey('k'))).toEqual(denied);
  expect(await refusal(asAuditor.hsm.rotateKey('k'))).toEqual(denied);
});

test("roles of managed HSMs are none of the resource manager's", async () => {
  const { simulator } = anEstate({ role: 'Managed HSM Crypto Auditor', scope: HSM });

  const answered = await simulator.handle(
    new Request(
      `https://management.azure.com${VAULT}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`,
      { headers: { authorization: 'Bearer static' } },
    ),
  );

  expect(await answered.json()).toEqual({ value: [] });
});
