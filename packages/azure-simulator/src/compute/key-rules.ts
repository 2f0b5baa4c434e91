import { ArmError } from '../arm/arm-error.ts';
import { sameId } from '../arm/resource-id.ts';
import { permits } from '../authorization/role-definition.ts';
import type { RoleStore } from '../authorization/role-store.ts';
import { servesDisks } from '../keyvault/key-operations.ts';
import type { KeyProblem, KeyStore } from '../keyvault/key-store.ts';
import type { Collection } from '../resources/inventory.ts';
import { requireSet } from './encryption-rules.ts';
import type { EncryptionSet } from './encryption-set.ts';

export interface KeySurroundings {
  readonly sets: Collection<EncryptionSet>;
  readonly keys: KeyStore;
  readonly roles: RoleStore;
}

/** What the identity of a set needs on its key. Source: "Key Vault Crypto Service Encryption User". */
const KEY_RIGHTS = ['read', 'wrap/action', 'unwrap/action'].map(
  (right) => `Microsoft.KeyVault/vaults/keys/${right}`,
);

/** The same in the words of access policies. */
const KEY_PERMISSIONS = ['get', 'wrapKey', 'unwrapKey'];

/** A key of a set that cannot be used, and why. */
interface UnusableKey {
  readonly keyUrl: string;
  readonly problem: NonNullable<KeyProblem> | 'forbidden';
}

/** What is wrong with the keys of a set: of the one that it has, or that it is leaving. */
export function problemBehind(set: EncryptionSet, around: KeySurroundings): UnusableKey | null {
  for (const { keyUrl } of [set.activeKey, ...set.previousKeys]) {
    const problem = around.keys.problemWith(keyUrl);
    if (problem !== null) return { keyUrl, problem };
    if (!mayUseKey(set, keyUrl, around)) return { keyUrl, problem: 'forbidden' };
  }
  return null;
}

/**
 * Whether the key behind a set can be used now: to wrap a disk's key or to start a machine.
 *
 * Assumption: Azure finds out while the operation runs, not when it is accepted.
 *
 * @throws ArmError
 */
export function checkKeyBehind(setId: string, around: KeySurroundings): void {
  const set = requireSet(setId, around.sets);
  const found = problemBehind(set, around);
  if (found !== null) throw keyRefusal(set, found);
}

function keyRefusal(set: EncryptionSet, { keyUrl, problem }: UnusableKey): ArmError {
  if (problem === 'disabled') {
    return new ArmError(
      409,
      'KeyVaultKeyNotEnabled',
      `The key ${keyUrl} used for disk encryption set '${set.name}' must be in enabled state.`,
    );
  }
  const why = problem === 'expired' ? ' Key is expired.' : '';
  return new ArmError(
    400,
    'KeyVaultAccessForbidden',
    `Unable to access key vault resource '${keyUrl}' to enable encryption at rest.${why} Please grant get, wrap and unwrap key permissions to disk encryption set '${set.name}'. Please visit https://aka.ms/keyvaultaccessssecmk for more information.`,
  );
}

/**
 * The key must be there to wrap and unwrap, the vault's firewall let Azure's own services in, and the
 * set's identity have the rights, in the directory of the vault: into another one leads only an
 * application of several directories. That a key for other uses is refused in the same words is assumed.
 *
 * Source: "Server-side encryption of Azure Disk Storage", restrictions; "Cross-tenant customer-managed keys".
 */
export function mayUseKey(
  set: EncryptionSet,
  keyUrl: string,
  { keys, roles }: KeySurroundings,
): boolean {
  const found = keys.find(keyUrl);
  if (found && !servesDisks(found.version)) return false;
  if (found?.vault.firewall === 'closed') return false;
  const { accessGranted } = set.spec;
  // What its application may do over there is not simulated: the description says it.
  if (found && !sameId(found.vault.tenantId, set.tenantId)) {
    return Boolean(set.federatedClientId) && accessGranted !== false;
  }
  if (accessGranted !== 'by-role' || !found) return accessGranted !== false;
  const { vault, key } = found;
  if (!vault.rbac) return set.principalIds.some((id) => vault.allows(id, KEY_PERMISSIONS));
  const scope = `${vault.id}/keys/${key.name}`;
  return set.principalIds.some((id) => {
    const held = roles.rolesAt(id, scope);
    return KEY_RIGHTS.every((right) => held.some((role) => permits(role, right, 'dataActions')));
  });
}
