import type { DiskEncryptionSet } from '../azure/disk-encryption-set.ts';
import type { Reading } from '../azure/reading.ts';
import type { Vault } from '../azure/vault.ts';
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
