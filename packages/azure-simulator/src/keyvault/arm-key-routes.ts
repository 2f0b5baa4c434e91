import { answer } from '../arm/answer.ts';
import { resourceNotFound } from '../arm/arm-error.ts';
import { type Route, route } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import { isLive } from './key-store.ts';
import { type KeyVault, keyUrl, type VaultKey } from './key-vault.ts';
import { VAULT_TYPE, type Vault } from './vault.ts';

const KEYS =
  '/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.KeyVault/vaults/:vault/keys';
const KEY_TYPE = `${VAULT_TYPE}/keys`;

/**
 * Keys as the resource manager shows them to whoever may read the vault, without the data plane.
 * A deleted key is not there.
 *
 * Source: REST reference, Key Vault, Keys, api-version 2023-07-01; its list tells less than its get.
 */
export function armKeyRoutes(vaults: Collection<Vault>): readonly Route[] {
  return [
    route('GET', KEYS, ({ params }) => {
      const vault = vaults.require(params, params.vault);
      const live = [...vault.keys.values()].filter(isLive);
      return answer(200, { value: live.map((key) => listed(vault, key)) });
    }),
    route('GET', `${KEYS}/:key`, ({ params }) => {
      const vault = vaults.require(params, params.vault);
      const key = vault.keys.get(params.key.toLowerCase());
      if (key && isLive(key)) return answer(200, whole(vault, key));
      throw resourceNotFound(KEY_TYPE, `${params.vault}/${params.key}`, params.group);
    }),
  ];
}

function listed(vault: KeyVault, key: VaultKey) {
  const current = key.versions.at(-1);
  return {
    id: `${vault.id}/keys/${key.name}`,
    name: key.name,
    type: KEY_TYPE,
    location: vault.region,
    properties: {
      attributes: {
        enabled: current?.enabled,
        ...(current?.notBefore === undefined ? {} : { nbf: current.notBefore }),
        ...(current?.expires === undefined ? {} : { exp: current.expires }),
        created: current?.created,
        updated: current?.updated,
        recoveryLevel: vault.purgeProtection ? 'Recoverable' : 'Recoverable+Purgeable',
        exportable: false,
      },
      keyUri: keyUrl(vault, key),
    },
  };
}

function whole(vault: KeyVault, key: VaultKey) {
  const { properties, ...rest } = listed(vault, key);
  const current = key.versions.at(-1);
  return {
    ...rest,
    properties: {
      ...properties,
      kty: key.kty,
      keyOps: current?.operations,
      ...(key.kty.startsWith('RSA') ? { keySize: current?.sizeBits } : {}),
      keyUriWithVersion: `${keyUrl(vault, key)}/${current?.version}`,
    },
  };
}
