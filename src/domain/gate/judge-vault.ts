import type { DiskEncryptionSet } from '../azure/disk-encryption-set.ts';
import { allowsData } from '../azure/permission.ts';
import type { Reading } from '../azure/reading.ts';
import type { KeyRole, Vault } from '../azure/vault.ts';
import { type Verdict, verdict } from './verdict.ts';

/**
 * Judges the vault behind a set: nothing may be able to take the key away for good, and the set
 * must reach it.
 *
 * Azure was seen to make sets without checking either. Source: customer-managed keys of managed
 * disks, requirements; network security of Key Vault, trusted services.
 */
export function judgeVault(
  vaultId: string,
  reading: Reading<Vault | null>,
  { region }: Pick<DiskEncryptionSet, 'region'>,
): readonly Verdict[] {
  if (reading.status === 'unreadable') {
    const message = `The vault of the key could not be read: ${reading.message}`;
    return [verdict('unreadable', 'vault-unreadable', message, vaultId)];
  }
  const vault = reading.value;
  if (vault === null) {
    return [verdict('blocked', 'vault-missing', 'There is no such vault.', vaultId)];
  }
  return [...judgeRecovery(vault), ...judgeReach(vault), ...judgeRegion(vault, region)];
}

function judgeRecovery({ id, softDelete, purgeProtection }: Vault): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  if (softDelete !== true) {
    const message =
      softDelete === null
        ? 'Azure does not say whether soft delete is on in the vault.'
        : 'Soft delete is off in the vault.';
    verdicts.push(
      verdict(softDelete === null ? 'warn' : 'blocked', 'vault-soft-delete', message, id),
    );
  }
  if (!purgeProtection) {
    const message = 'The vault has no purge protection: whoever purges the key ends its disks.';
    verdicts.push(verdict('blocked', 'vault-purge-protection', message, id));
  }
  return verdicts;
}

function judgeReach({ id, reach }: Vault): readonly Verdict[] {
  if (reach === 'open') return [];
  if (reach === 'by-perimeter') {
    const message = 'A network security perimeter says who reaches the vault.';
    return [verdict('undecidable', 'vault-perimeter', message, id)];
  }
  const message = 'The firewall of the vault does not let trusted Microsoft services through.';
  return [verdict('blocked', 'vault-firewall', message, id)];
}

function judgeRegion(vault: Vault, region: string): readonly Verdict[] {
  if (vault.region.toLowerCase() === region.toLowerCase()) return [];
  const message = `The vault is in ${vault.region}, the set in ${region}.`;
  return [verdict('blocked', 'vault-region', message, vault.id)];
}

const DATA_ACTIONS = ['read', 'wrap/action', 'unwrap/action'].map(
  (action) => `Microsoft.KeyVault/vaults/keys/${action}`,
);
const POLICY_RIGHTS = ['get', 'wrapkey', 'unwrapkey'];

/**
 * Judges whether the identity of a set may use its key.
 *
 * Source: facts of "Azure built-in roles", Key Vault Crypto Service Encryption User; access
 * policies of a set: get, wrapKey, unwrapKey. A managed HSM keeps roles of its own, which Resource
 * Manager does not show.
 *
 * @param roles of each of the set's identities at the key; null where roles do not count.
 */
export function judgeGrant(
  setId: string,
  { principalIds }: Pick<DiskEncryptionSet, 'principalIds'>,
  vault: Vault,
  roles: Reading<readonly KeyRole[]> | null,
): readonly Verdict[] {
  if (vault.kind === 'hsm') {
    const message = 'Whether the set may use the key in its managed HSM, only Azure can tell.';
    return [verdict('undecidable', 'key-grant-of-hsm', message, setId)];
  }
  const none = verdict('blocked', 'key-grant', 'The set may not use its key.', setId);
  if (roles === null) {
    const own = vault.accessPolicies.filter(({ objectId }) => isOneOf(principalIds, objectId));
    const isGranted = own.some(
      ({ keys }) => keys.includes('all') || POLICY_RIGHTS.every((right) => keys.includes(right)),
    );
    return isGranted ? [] : [none];
  }
  if (roles.status === 'unreadable') {
    const message = `Whether the set may use its key could not be read: ${roles.message}`;
    return [verdict('unreadable', 'key-grant-unreadable', message, setId)];
  }
  if (grants(roles.value.filter(({ isConditional }) => !isConditional))) return [];
  if (!grants(roles.value)) return [none];
  const message = 'The set may use its key on a condition, which keyturn does not evaluate.';
  return [verdict('warn', 'key-grant-condition', message, setId)];
}

function grants(roles: readonly KeyRole[]): boolean {
  const permissions = roles.flatMap((role) => role.permissions);
  return DATA_ACTIONS.every((action) => allowsData(permissions, action));
}

function isOneOf(ids: readonly string[], id: string): boolean {
  return ids.some((each) => each.toLowerCase() === id.toLowerCase());
}
