import { ArmError } from '../arm/arm-error.ts';
import type { RoleStore } from '../authorization/role-store.ts';
import type { KeyStore } from '../keyvault/key-store.ts';
import type { Collection } from '../resources/inventory.ts';
import { requireSet } from './encryption-rules.ts';
import type { EncryptionSet } from './encryption-set.ts';

interface Surroundings {
  readonly sets: Collection<EncryptionSet>;
  readonly keys: KeyStore;
  readonly roles: RoleStore;
}

/** What the identity of a set needs on its key. Source: "Key Vault Crypto Service Encryption User". */
const KEY_RIGHTS = ['read', 'wrap/action', 'unwrap/action'].map(
  (right) => `Microsoft.KeyVault/vaults/keys/${right}`,
);

/**
 * Whether the key behind a set can be used now: to wrap a disk's key or to start a machine.
 *
 * Assumption: Azure finds out while the operation runs, not when it is accepted.
 *
 * @throws ArmError
 */
export function checkKeyBehind(setId: string, around: Surroundings): void {
  const { sets, keys } = around;
  const set = requireSet(setId, sets);
  const { keyUrl } = set.activeKey;
  const problem = keys.problemWith(keyUrl);
  if (problem === 'disabled') {
    throw new ArmError(
      409,
      'KeyVaultKeyNotEnabled',
      `The key ${keyUrl} used for disk encryption set '${set.name}' must be in enabled state.`,
    );
  }
  if (problem === null && mayUseKey(set, around)) return;
  const why = problem === 'expired' ? ' Key is expired.' : '';
  throw new ArmError(
    400,
    'KeyVaultAccessForbidden',
    `Unable to access key vault resource '${keyUrl}' to enable encryption at rest.${why} Please grant get, wrap and unwrap key permissions to disk encryption set '${set.name}'. Please visit https://aka.ms/keyvaultaccessssecmk for more information.`,
  );
}

/** The vault's firewall must let Azure's own services in, and the set's identity have the rights. */
function mayUseKey(set: EncryptionSet, { keys, roles }: Surroundings): boolean {
  const found = keys.find(set.activeKey.keyUrl);
  if (found?.vault.firewall === 'closed') return false;
  const { accessGranted } = set.spec;
  if (accessGranted !== 'by-role' || !found?.vault.rbac) return accessGranted !== false;
  const scope = `${found.vault.id}/keys/${found.key.name}`;
  return set.principalIds.some((id) =>
    KEY_RIGHTS.every((right) => roles.allows(id, right, scope, 'dataActions')),
  );
}
