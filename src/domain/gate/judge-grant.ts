import { sameId } from '../azure/arm-id.ts';
import type { DiskEncryptionSet } from '../azure/disk-encryption-set.ts';
import { allowsData } from '../azure/permission.ts';
import type { Reading } from '../azure/reading.ts';
import type { AccessPolicy, KeyRole, Vault } from '../azure/vault.ts';
import { type Verdict, verdict } from './verdict.ts';

const DATA_ACTIONS = ['read', 'wrap/action', 'unwrap/action'].map(
  (action) => `Microsoft.KeyVault/vaults/keys/${action}`,
);
const POLICY_RIGHTS = ['get', 'wrapkey', 'unwrapkey'];

interface KeyRoles {
  /** Of each of the set's identities at the key; null where roles do not count. */
  readonly own: Reading<readonly KeyRole[]> | null;
  /** Of all groups at the key; null where that is of no account. */
  readonly ofGroups: Reading<readonly KeyRole[]> | null;
}

/**
 * Judges whether the identity of a set may use its key.
 *
 * Source: facts of "Azure built-in roles", Key Vault Crypto Service Encryption User; access
 * policies of a set: get, wrapKey, unwrapKey; "Managed identity best practice recommendations": a group
 * may hold the identity, and its members are told by no call of Resource Manager's. A managed HSM
 * keeps roles of its own, which Resource Manager does not show.
 *
 * @param tenantId the directory of the set's identity; null when nobody says.
 */
export function judgeGrant(
  set: Pick<DiskEncryptionSet, 'id' | 'principalIds' | 'federatedClientId'>,
  tenantId: string | null,
  vault: Vault,
  roles: KeyRoles,
): readonly Verdict[] {
  const { id, federatedClientId } = set;
  if (isElsewhere(tenantId, vault)) {
    if (federatedClientId === null) {
      const message = `The set is of the directory ${tenantId}, its vault of ${vault.tenantId}, whose keys it may not use.`;
      return [verdict('blocked', 'vault-tenant', message, id)];
    }
    const message = `The set goes to its key as the application ${federatedClientId}, in the directory of the vault: whether that may use it, only Azure can tell.`;
    return [verdict('undecidable', 'key-grant-of-application', message, id)];
  }
  if (vault.kind === 'hsm') {
    const message = 'Whether the set may use the key in its managed HSM, only Azure can tell.';
    return [verdict('undecidable', 'key-grant-of-hsm', message, id)];
  }
  return roles.own === null ? judgeAccessPolicies(set, vault) : judgeRoles(id, roles.own, roles);
}

function isElsewhere(tenantId: string | null, vault: Vault): boolean {
  return tenantId !== null && vault.tenantId !== null && !sameId(tenantId, vault.tenantId);
}

function judgeAccessPolicies(
  { id, principalIds }: Pick<DiskEncryptionSet, 'id' | 'principalIds'>,
  vault: Vault,
): readonly Verdict[] {
  const counting = vault.accessPolicies.filter((each) => counts(each, vault));
  const isOwn = ({ objectId }: AccessPolicy) => principalIds.some((id) => sameId(id, objectId));
  if (counting.some((each) => isOwn(each) && haveAll([each]))) return [];
  const ofOthers = counting.filter((each) => !isOwn(each) && each.keys.some(isNeeded));
  // A group may add to what the identity may do by itself.
  if (ofOthers.length === 0 || !haveAll(counting)) {
    const message = 'No access policy of the vault lets the set use its key.';
    return [verdict('blocked', 'key-access-policy-missing', message, id)];
  }
  const named = ofOthers.slice(0, 3).map(({ objectId }) => objectId);
  const more = ofOthers.length > named.length ? ` and ${ofOthers.length - named.length} more` : '';
  const message = `No access policy names the set's identity. Those of ${named.join(', ')}${more} would let it use the key if one is a group that holds it: not checked, as Resource Manager shows no members.`;
  return [verdict('unreadable', 'key-grant', message, id)];
}

/** One for another directory grants nothing; nor to a set one for who comes through an application. */
function counts({ tenantId, isForApplication }: AccessPolicy, vault: Vault): boolean {
  const isForeign =
    tenantId !== null && vault.tenantId !== null && !sameId(tenantId, vault.tenantId);
  return !isForeign && !isForApplication;
}

function haveAll(policies: readonly AccessPolicy[]): boolean {
  const rights = policies.flatMap(({ keys }) => keys);
  return rights.includes('all') || POLICY_RIGHTS.every((right) => rights.includes(right));
}

function isNeeded(right: string): boolean {
  return right === 'all' || POLICY_RIGHTS.includes(right);
}

function judgeRoles(
  setId: string,
  own: Reading<readonly KeyRole[]>,
  { ofGroups }: KeyRoles,
): readonly Verdict[] {
  if (own.status === 'unreadable') {
    const message = `Whether the set may use its key could not be read: ${own.message}`;
    return [verdict('unreadable', 'key-grant-unreadable', message, setId)];
  }
  if (grants(own.value.filter(({ isConditional }) => !isConditional))) return [];
  if (grants(own.value)) {
    const message = 'The set may use its key on a condition, which keyturn does not evaluate.';
    return [verdict('warn', 'key-grant-condition', message, setId)];
  }
  const byGroups = ofGroups?.status === 'read' ? ofGroups.value : [];
  if (ofGroups?.status !== 'unreadable' && !grants([...own.value, ...byGroups])) {
    return [verdict('blocked', 'key-role-missing', 'No role lets the set use its key.', setId)];
  }
  const asked =
    ofGroups?.status === 'unreadable'
      ? `Roles of groups could not be read: ${ofGroups.message}`
      : null;
  const message = `Azure lists no role by which the set may use its key, its groups included. ${
    asked ?? 'A group has one, and its members may show up to a day late: not checked'
  }.`;
  return [verdict('unreadable', 'key-grant', message, setId)];
}

/** Whether roles together let their holder use a key. */
export function grants(roles: readonly KeyRole[]): boolean {
  const permissions = roles.flatMap((role) => role.permissions);
  return DATA_ACTIONS.every((action) => allowsData(permissions, action));
}
