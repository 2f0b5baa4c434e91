import { ArmError } from '../arm/arm-error.ts';
import type { Call, Caller } from '../arm/route.ts';
import type { AskedAction } from '../authorization/action.ts';
import type { RoleStore } from '../authorization/role-store.ts';
import { type KeyPermission, keyRightFor } from './key-rights.ts';
import type { KeyStore } from './key-store.ts';
import type { KeyVault } from './key-vault.ts';

/** The vault that a call's host names, if its caller may do this with keys. */
export type VaultOf = (call: Call, permission: KeyPermission) => KeyVault;

export interface Authorities {
  readonly keys: KeyStore;
  readonly tenantId: string;
  readonly roles: RoleStore;
  /** Those of managed HSMs themselves. */
  readonly hsmRoles: RoleStore;
}

/**
 * Finds vaults for callers that their firewall lets in, and then their access policies or, where
 * they go by roles, what the caller was granted.
 */
export function vaultsFor(authorities: Authorities): VaultOf {
  return (call, permission) => {
    const { hostname } = call.url;
    const vault = authorities.keys.findHost(hostname);
    if (!vault) throw new ArmError(404, 'VaultNotFound', `${hostname} does not exist.`);
    dropOverdue(vault);
    if (vault.firewall === 'closed') throw closed(vault, call.caller);
    if (vault.rbac || vault.kind === 'hsm') {
      refuseIfNotGranted(vault, permission, call, authorities);
    } else if (!vault.allows(call.caller.objectId, [permission])) {
      throw notAllowed(vault, call.caller, permission);
    }
    return vault;
  };
}

/** @throws ArmError 403 */
function refuseIfNotGranted(
  vault: KeyVault,
  permission: KeyPermission,
  { url, params, caller }: Call,
  { roles, hsmRoles, tenantId }: Authorities,
): void {
  const named = { pathname: url.pathname, key: params['key'] };
  const asked = keyRightFor(vault, permission, named);
  const granted = vault.kind === 'hsm' ? hsmRoles : roles;
  if (granted.allows(caller.objectId, asked.action, asked.scope, 'dataActions')) return;
  throw vault.kind === 'hsm'
    ? notAllowedLocally(vault, asked)
    : notGranted(vault, caller, asked, tenantId);
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

/** Source: public reports of secrets and keys, 2021 to 2024; the ID is in small letters there. */
function notGranted(
  { name, region }: KeyVault,
  { appId, objectId }: Caller,
  { action, scope }: AskedAction,
  tenantId: string,
): ArmError {
  return new ArmError(
    403,
    'Forbidden',
    `Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\r\nCaller: appid=${appId};oid=${objectId};iss=https://sts.windows.net/${tenantId}/\r\nAction: '${action}'\r\nResource: '${scope.toLowerCase()}'\r\nAssignment: (not found)\r\nDenyAssignmentId: null\r\nDecisionReason: 'DeniedWithNoValidRBAC' \r\nVault: ${name};location=${region}\r\n`,
    { innererror: { code: 'ForbiddenByRbac' } },
  );
}

/** Source: code and text of a public report, which is of role assignments; the status is assumed. */
function notAllowedLocally({ id }: KeyVault, { action, scope }: AskedAction): ArmError {
  const local = scope.slice(id.length) || '/';
  return new ArmError(403, 'AccessDenied', `Not authorized to access ${action} on ${local}`);
}
