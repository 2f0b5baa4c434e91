import { expect, test } from 'vitest';
import type { Reading } from '../../../src/domain/azure/reading.ts';
import type { KeyRole, Vault } from '../../../src/domain/azure/vault.ts';
import { judgeGrant, judgeVault } from '../../../src/domain/gate/judge-vault.ts';
import {
  aDiskEncryptionSet,
  aKeyRole,
  aPermission,
  aVault,
  PRINCIPAL,
  read,
  unreadable,
  VAULT_ID,
} from '../../support/builders.ts';

const SET = aDiskEncryptionSet();

test.for<[answer: string, code: string, reading: Reading<Vault | null>]>([
  ['blocked', 'vault-missing', read(null)],
  ['unreadable', 'vault-unreadable', unreadable()],
  ['blocked', 'vault-soft-delete', read(aVault({ softDelete: false }))],
  ['warn', 'vault-soft-delete', read(aVault({ softDelete: null }))],
  ['blocked', 'vault-purge-protection', read(aVault({ purgeProtection: false }))],
  ['blocked', 'vault-firewall', read(aVault({ reach: 'closed' }))],
  ['undecidable', 'vault-perimeter', read(aVault({ reach: 'by-perimeter' }))],
  ['blocked', 'vault-region', read(aVault({ region: 'northeurope' }))],
])('a vault is %s: %s', ([answer, code, reading]) => {
  expect(judgeVault(VAULT_ID, reading, SET)).toEqual([
    expect.objectContaining({ answer, code, target: VAULT_ID }),
  ]);
});

test('nothing is against a vault that is as it should be', () => {
  expect(judgeVault(VAULT_ID, read(aVault({ region: 'WestEurope' })), SET)).toEqual([]);
});

const READ_ONLY_ROLE = aKeyRole({
  permissions: [aPermission({ actions: ['*'], dataActions: ['Microsoft.KeyVault/vaults/*/read'] })],
});

test.for<[answer: string | null, what: string, roles: Reading<readonly KeyRole[]>]>([
  [null, 'the role that is made for it', read([aKeyRole()])],
  [null, 'a wide role', read([aKeyRole({ permissions: [aPermission({ dataActions: ['*'] })] })])],
  ['blocked', 'no role', read([])],
  ['blocked', 'a role that only reads', read([READ_ONLY_ROLE])],
  ['warn', 'a role with a condition', read([aKeyRole({ isConditional: true })])],
  [null, 'one with and one without', read([aKeyRole({ isConditional: true }), aKeyRole()])],
  ['unreadable', 'roles that could not be read', unreadable()],
])('a grant is %s by %s', ([answer, , roles]) => {
  const verdicts = judgeGrant(SET.id, SET, aVault(), roles);

  expect(verdicts.map((each) => each.answer)).toEqual(answer === null ? [] : [answer]);
});

test.for<[answer: string | null, objectId: string, keys: readonly string[]]>([
  [null, PRINCIPAL.toUpperCase(), ['get', 'wrapkey', 'unwrapkey']],
  [null, PRINCIPAL, ['all']],
  ['blocked', PRINCIPAL, ['get', 'wrapkey']],
  ['blocked', 'somebody', ['all']],
])('a grant by access policy is %s: %s %s', ([answer, objectId, keys]) => {
  const vault = aVault({ goesByRoles: false, accessPolicies: [{ objectId, keys }] });

  const verdicts = judgeGrant(SET.id, SET, vault, null);

  expect(verdicts.map((each) => each.answer)).toEqual(answer === null ? [] : [answer]);
});

test('who may use the keys of a managed HSM only Azure can tell', () => {
  expect(judgeGrant(SET.id, SET, aVault({ kind: 'hsm' }), null)).toEqual([
    expect.objectContaining({ answer: 'undecidable', code: 'key-grant-of-hsm' }),
  ]);
});

test('a grant to any identity of the set is one, in whatever case', () => {
  const keys = ['get', 'wrapkey', 'unwrapkey'];
  const vault = aVault({ accessPolicies: [{ objectId: PRINCIPAL.toLowerCase(), keys }] });
  const of = (...principalIds: string[]) => judgeGrant(SET.id, { principalIds }, vault, null);

  expect(of('another', PRINCIPAL.toUpperCase())).toEqual([]);
  expect(of('another')).toHaveLength(1);
  expect(of()).toHaveLength(1);
});

test('the regions of a vault and a set are the same in whatever case', () => {
  const vault = aVault({ region: 'westeurope' });

  expect(judgeVault(VAULT_ID, read(vault), { region: 'WestEurope' })).toEqual([]);
});
