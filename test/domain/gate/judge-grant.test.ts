import { expect, test } from 'vitest';
import type { DiskEncryptionSet } from '../../../src/domain/azure/disk-encryption-set.ts';
import type { Reading } from '../../../src/domain/azure/reading.ts';
import type { AccessPolicy, KeyRole, Vault } from '../../../src/domain/azure/vault.ts';
import { judgeGrant } from '../../../src/domain/gate/judge-grant.ts';
import {
  aDiskEncryptionSet,
  aKeyRole,
  aPermission,
  aVault,
  PRINCIPAL,
  read,
  TENANT,
  unreadable,
} from '../../support/builders.ts';

const ENOUGH = ['get', 'wrapkey', 'unwrapkey'];
const ONLY_READS = aKeyRole({
  permissions: [aPermission({ actions: ['*'], dataActions: ['Microsoft.KeyVault/vaults/*/read'] })],
});
const ONLY_WRAPS = aKeyRole({
  permissions: [
    aPermission({
      dataActions: ['wrap/action', 'unwrap/action'].map(
        (it) => `Microsoft.KeyVault/vaults/keys/${it}`,
      ),
    }),
  ],
});

const byRoles = (
  own: Reading<readonly KeyRole[]>,
  ofGroups: Reading<readonly KeyRole[]> | null = read([]),
) => judgeGrant(aDiskEncryptionSet(), TENANT, aVault(), { own, ofGroups });

const byPolicies = (
  accessPolicies: readonly Partial<AccessPolicy>[],
  set: Partial<DiskEncryptionSet> = {},
) =>
  judgeGrant(
    aDiskEncryptionSet(set),
    TENANT,
    aVault({ goesByRoles: false, accessPolicies: accessPolicies.map(aPolicyOf) }),
    { own: null, ofGroups: null },
  );

function aPolicyOf(differences: Partial<AccessPolicy>): AccessPolicy {
  const plain = { tenantId: TENANT, objectId: PRINCIPAL, isForApplication: false, keys: ENOUGH };
  return { ...plain, ...differences };
}

const answers = (verdicts: ReturnType<typeof judgeGrant>) =>
  verdicts.map(({ answer, code }) => `${answer} ${code}`).join();

test.for<[says: string, what: string, own: Reading<readonly KeyRole[]>]>([
  ['', 'the role that is made for it', read([aKeyRole()])],
  ['', 'a wide role', read([aKeyRole({ permissions: [aPermission({ dataActions: ['*'] })] })])],
  ['blocked key-role-missing', 'no role', read([])],
  ['blocked key-role-missing', 'a role that only reads', read([ONLY_READS])],
  ['warn key-grant-condition', 'one with a condition', read([aKeyRole({ isConditional: true })])],
  ['', 'one with and one without', read([aKeyRole({ isConditional: true }), aKeyRole()])],
  ['unreadable key-grant-unreadable', 'roles that could not be read', unreadable()],
])('a grant is "%s" by %s', ([says, , own]) => {
  expect(answers(byRoles(own))).toBe(says);
});

test.for<[says: string, what: string, ofGroups: Reading<readonly KeyRole[]>]>([
  ['unreadable key-grant', 'that may use the key', read([aKeyRole()])],
  ['unreadable key-grant', 'that adds what is missing', read([ONLY_WRAPS])],
  ['blocked key-role-missing', 'that only reads', read([ONLY_READS])],
  ['unreadable key-grant', 'that could not be read', unreadable()],
])('an identity that only reads, beside a group %s: %s', ([says, , ofGroups]) => {
  expect(answers(byRoles(read([ONLY_READS]), ofGroups))).toBe(says);
});

test.for<[says: string, policy: Partial<AccessPolicy>]>([
  ['', { objectId: PRINCIPAL.toUpperCase() }],
  ['', { keys: ['all'] }],
  ['', { tenantId: null }],
  ['blocked key-access-policy-missing', { keys: ['get', 'wrapkey'] }],
  ['blocked key-access-policy-missing', { isForApplication: true }],
  ['blocked key-access-policy-missing', { tenantId: 'another' }],
  ['unreadable key-grant', { objectId: 'a-group' }],
  ['unreadable key-grant', { objectId: 'a-group', keys: ['all'] }],
  ['blocked key-access-policy-missing', { objectId: 'a-group', keys: ['get', 'list'] }],
  ['blocked key-access-policy-missing', { objectId: 'a-group', tenantId: 'another' }],
])('an access policy is "%s": %j', ([says, policy]) => {
  expect(answers(byPolicies([policy]))).toBe(says);
});

test('a group may add to what the identity has by itself', () => {
  const verdicts = byPolicies([
    { keys: ['get'] },
    { objectId: 'a-group', keys: ['wrapkey', 'unwrapkey'] },
  ]);

  expect(answers(verdicts)).toBe('unreadable key-grant');
});

test('a grant of the identity itself counts, whoever else has one', () => {
  expect(byPolicies([{ objectId: 'somebody', keys: ['all'] }, {}])).toEqual([]);
});

test('a grant to any identity of the set is one, in whatever case', () => {
  const of = (...principalIds: string[]) => answers(byPolicies([{}], { principalIds }));

  expect(of('another', PRINCIPAL.toUpperCase())).toBe('');
  expect(of('another')).toBe('unreadable key-grant');
  expect(of()).toBe('unreadable key-grant');
});

test('says whom nobody has asked, and where the access policies are changed', () => {
  const [undecided] = byPolicies(['a', 'b', 'c', 'd'].map((objectId) => ({ objectId })));
  const [refused] = byPolicies([]);

  expect(undecided?.message).toContain('a, b, c and 1 more');
  expect(undecided?.message).toContain('not checked');
  expect(refused?.fix).toContain('access policy');
  expect(refused?.docs).toContain('assign-access-policy');
});

test.for<
  [says: string, tenantId: string | null, vault: Partial<Vault>, application: string | null]
>([
  ['blocked vault-tenant', TENANT, { tenantId: 'another' }, null],
  ['blocked vault-tenant', TENANT, { tenantId: 'another', kind: 'hsm' }, null],
  ['undecidable key-grant-of-application', TENANT, { tenantId: 'another' }, 'an-app'],
  ['', TENANT, { tenantId: TENANT.toUpperCase() }, null],
  ['', TENANT, { tenantId: TENANT }, 'an-app'],
  ['', TENANT, { tenantId: null }, null],
  ['', null, {}, null],
  ['undecidable key-grant-of-hsm', TENANT, { kind: 'hsm' }, null],
])('is "%s" with a set of %s and a vault of %j', ([says, tenantId, vault, federatedClientId]) => {
  const set = aDiskEncryptionSet({ federatedClientId });
  const roles = { own: read([aKeyRole()]), ofGroups: null };

  expect(answers(judgeGrant(set, tenantId, aVault(vault), roles))).toBe(says);
});
