import { ArmError } from '../arm/arm-error.ts';
import type { Call, Caller } from '../arm/route.ts';
import type { KeyStore } from './key-store.ts';
import type { KeyVault } from './key-vault.ts';

/** The vault that a call's host names, if its caller may do this with keys. */
export type VaultOf = (call: Call, permission: string) => KeyVault;

/**
 * Finds vaults for callers that their firewall and their access policies let in. What roles say of
 * keys counts for encryption sets alone: a caller of a vault that goes by roles may do everything.
 */
export function vaultsFor(keys: KeyStore): VaultOf {
  return ({ url, caller }, permission) => {
    const vault = keys.findHost(url.hostname);
    if (!vault) throw new ArmError(404, 'VaultNotFound', `${url.hostname} does not exist.`);
    dropOverdue(vault);
    if (vault.firewall === 'closed') throw closed(vault, caller);
    if (vault.rbac || vault.allows(caller.objectId, [permission])) return vault;
    throw notAllowed(vault, caller, permission);
  };
}

/** Deleted keys last as long as the vault keeps them. */
function dropOverdue({ keys, retentionDays }: KeyVault): void {
  const before = Date.now() / 1000 - retentionDays * 86_400;
  for (const [name, { deletedAt }] of keys) {
    if (deletedAt !== undefined && deletedAt <= before) keys.delete(name);
  }
}

/** Source: "Azure Key Vault REST API error codes", HTTP 403. */
function closed({ name, region }: KeyVault, { appId, objectId }: Caller): ArmError {
  return new ArmError(
    403,
    'Forbidden',
    `Client address is not authorized and caller is not a trusted service.\r\nClient address: 192.0.2.10\r\nCaller: appid=${appId};oid=${objectId}\r\nVault: ${name};location=${region}`,
    { innererror: { code: 'ForbiddenByFirewall' } },
  );
}

/** Source: as above, and public reports. */
function notAllowed(vault: KeyVault, { appId, objectId }: Caller, permission: string): ArmError {
  const caller = `appid=${appId};oid=${objectId}`;
  const place = `${vault.name};location=${vault.region}`;
  return new ArmError(
    403,
    'Forbidden',
    vault.allows(objectId, [])
      ? `The user, group or application '${caller}' does not have keys ${permission} permission on key vault '${place}'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`
      : `Access denied. Caller was not found on any access policy.\r\nCaller: ${caller}\r\nVault: ${place}`,
    { innererror: { code: 'AccessDenied' } },
  );
}
