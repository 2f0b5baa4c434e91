import type { AskedAction } from '../authorization/action.ts';
import type { KeyVault } from './key-vault.ts';

/** What a call does with keys, in the words of access policies. */
export type KeyPermission = keyof typeof VAULT_ACTIONS;

/** Source: "Azure resource provider operations", Microsoft.KeyVault, data actions. */
const VAULT_ACTIONS = {
  get: 'keys/read',
  list: 'keys/read',
  create: 'keys/create/action',
  update: 'keys/update/action',
  rotate: 'keys/rotate/action',
  delete: 'keys/delete',
  recover: 'keys/recover/action',
  purge: 'keys/purge/action',
  encrypt: 'keys/encrypt/action',
  decrypt: 'keys/decrypt/action',
  sign: 'keys/sign/action',
  verify: 'keys/verify/action',
  wrapKey: 'keys/wrap/action',
  unwrapKey: 'keys/unwrap/action',
  getrotationpolicy: 'keyrotationpolicies/read',
  setrotationpolicy: 'keyrotationpolicies/write',
} as const;

/**
 * Source: recorded role definitions of a managed HSM, 2021; that reading and setting a rotation
 * policy are those of the key is assumed.
 */
const HSM_ACTIONS: Readonly<Record<KeyPermission, string>> = {
  get: 'keys/read/action',
  list: 'keys/read/action',
  create: 'keys/create',
  update: 'keys/write/action',
  rotate: 'keys/rotate/action',
  delete: 'keys/delete',
  recover: 'keys/deletedKeys/recover/action',
  purge: 'keys/deletedKeys/delete',
  encrypt: 'keys/encrypt/action',
  decrypt: 'keys/decrypt/action',
  sign: 'keys/sign/action',
  verify: 'keys/verify/action',
  wrapKey: 'keys/wrap/action',
  unwrapKey: 'keys/unwrap/action',
  getrotationpolicy: 'keys/read/action',
  setrotationpolicy: 'keys/write/action',
};

/** The data action that a call takes where roles say who may use keys, and on what. */
export function keyRightFor(
  { kind, id }: Pick<KeyVault, 'kind' | 'id'>,
  permission: KeyPermission,
  { pathname, key }: { readonly pathname: string; readonly key: string | undefined },
): AskedAction {
  const scope = key === undefined ? id : `${id}/keys/${key}`;
  if (kind === 'vault') {
    return { action: `Microsoft.KeyVault/vaults/${VAULT_ACTIONS[permission]}`, scope };
  }
  const readsDeleted = /^\/deletedkeys/i.test(pathname) && /^(get|list)$/.test(permission);
  const word = readsDeleted ? 'keys/deletedKeys/read/action' : HSM_ACTIONS[permission];
  return { action: `Microsoft.KeyVault/managedHsm/${word}`, scope };
}
