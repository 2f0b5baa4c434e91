import { builtIn, type RoleDefinition } from './role-definition.ts';

const HSM = 'Microsoft.KeyVault/managedHsm';

/** All management of keys but to purge, recover and export them. */
export const HSM_CRYPTO_USER = '21dbd100-6940-42c2-9190-5d6cb909625b';
/** To purge and recover them, and to say who may what. */
export const HSM_CRYPTO_OFFICER = '515eb02d-2335-4d2d-92f2-b1cbdf9c3778';

/**
 * Roles of managed HSMs themselves, of which the resource manager knows nothing; what they say of
 * roles, backups and security domains is left out.
 *
 * Source: recorded role definitions, 2021; `rotate` from "Managed HSM local RBAC built-in roles".
 */
export const HSM_ROLES: readonly RoleDefinition[] = [
  local(HSM_CRYPTO_USER, 'Managed HSM Crypto User', [
    ...['read/action', 'write/action', 'delete', 'create', 'import/action', 'rotate/action'],
    ...['release/action', 'backup/action', 'restore/action', 'encrypt/action', 'decrypt/action'],
    ...['wrap/action', 'unwrap/action', 'sign/action', 'verify/action'],
  ]),
  local(HSM_CRYPTO_OFFICER, 'Managed HSM Crypto Officer', [
    ...['deletedKeys/read/action', 'deletedKeys/delete', 'deletedKeys/recover/action'],
    'export/action',
  ]),
  local('2c18b078-7c48-4d3a-af88-5a3a1b3f82b3', 'Managed HSM Crypto Auditor', [
    'read/action',
    'deletedKeys/read/action',
  ]),
  local('33413926-3206-4cdd-b39a-83574fe37a17', 'Managed HSM Crypto Service Encryption User', [
    'read/action',
    'wrap/action',
    'unwrap/action',
  ]),
];

function local(name: string, roleName: string, rights: readonly string[]): RoleDefinition {
  return builtIn(name, roleName, '', { dataActions: rights.map((it) => `${HSM}/keys/${it}`) });
}

/** Whether a role is one of managed HSMs themselves. */
export function isHsmRole({ dataActions = [] }: { readonly dataActions?: readonly string[] }) {
  return dataActions.some((it) => it.toLowerCase().startsWith(`${HSM.toLowerCase()}/`));
}
