import { answer } from '../arm/answer.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import { isObject, objectAt } from '../resources/json.ts';
import { tagsIn } from '../resources/tags.ts';
import type { KeyStore, KeyVault, KeyVersion, VaultKey } from './key-store.ts';

const OPERATIONS = ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'];

/**
 * Keys of the vault that a call's host names. Source: recorded answers, service 1.9.
 *
 * A disabled key is answered as any other: a GET of one is in no recording.
 */
export function keyRoutes(keys: KeyStore, vaultOf: (call: Call) => KeyVault): readonly Route[] {
  const one = (call: Call<'key'>, version?: string) => {
    const vault = vaultOf(call);
    return answer(200, bundle(vault, keys.requireKey(vault, call.params.key, version)));
  };
  const change = (call: Call<'key'>, version?: string) => {
    const vault = vaultOf(call);
    const found = keys.requireKey(vault, call.params.key, version);
    applyChange(found.version, call.body);
    return answer(200, bundle(vault, found));
  };
  const items = (vault: KeyVault, list: readonly { key: VaultKey; version: KeyVersion }[]) =>
    answer(200, {
      value: list.map(({ key, version }) => item(vault, key, version)),
      nextLink: null,
    });
  return [
    route('GET', '/keys', (call) => {
      const vault = vaultOf(call);
      const live = [...vault.keys.values()].filter(({ deletedAt }) => deletedAt === undefined);
      return answer(200, {
        value: live.flatMap((key) => {
          const version = key.versions.at(-1);
          return version ? [{ ...item(vault, key, version), kid: keyUrl(vault, key) }] : [];
        }),
        nextLink: null,
      });
    }),
    route('GET', '/keys/:key/versions', (call) => {
      const vault = vaultOf(call);
      const { key } = keys.requireKey(vault, call.params.key);
      return items(
        vault,
        key.versions.map((version) => ({ key, version })),
      );
    }),
    route('GET', '/keys/:key/:version', (call) => one(call, call.params.version)),
    route('GET', '/keys/:key', (call) => one(call)),
    route('PATCH', '/keys/:key/:version', (call) => change(call, call.params.version)),
    route('PATCH', '/keys/:key', (call) => change(call)),
    route('GET', '/deletedkeys/:key', (call) => {
      const vault = vaultOf(call);
      return answer(200, deletedBundle(vault, keys.requireDeletedKey(vault, call.params.key)));
    }),
    route('GET', '/deletedkeys', (call) => {
      const vault = vaultOf(call);
      const gone = [...vault.keys.values()].filter(({ deletedAt }) => deletedAt !== undefined);
      return answer(200, {
        value: gone.map((key) => {
          const { key: _, ...rest } = deletedBundle(vault, key);
          return { kid: keyUrl(vault, key), ...rest };
        }),
        nextLink: null,
      });
    }),
    route('DELETE', '/keys/:key', (call) => {
      const vault = vaultOf(call);
      const { key } = keys.requireKey(vault, call.params.key);
      key.deletedAt = Math.floor(Date.now() / 1000);
      return answer(200, deletedBundle(vault, key));
    }),
  ];
}

function keyUrl({ name }: KeyVault, key: VaultKey): string {
  return `https://${name}.vault.azure.net/keys/${key.name}`;
}

function attributes(vault: KeyVault, version: KeyVersion): object {
  return {
    enabled: version.enabled,
    ...(version.notBefore === undefined ? {} : { nbf: version.notBefore }),
    ...(version.expires === undefined ? {} : { exp: version.expires }),
    created: version.created,
    updated: version.updated,
    recoveryLevel: vault.purgeProtection
      ? `${vault.retentionDays < 90 ? 'Customized' : ''}Recoverable`
      : `${vault.retentionDays < 90 ? 'Customized' : ''}Recoverable+Purgeable`,
    recoverableDays: vault.retentionDays,
    exportable: false,
    hsmPlatform: '0',
  };
}

function item(vault: KeyVault, key: VaultKey, version: KeyVersion): object {
  return {
    kid: `${keyUrl(vault, key)}/${version.version}`,
    attributes: attributes(vault, version),
    ...(version.tags ? { tags: version.tags } : {}),
  };
}

function bundle(
  vault: KeyVault,
  { key, version }: { key: VaultKey; version: KeyVersion },
): { key: object } {
  return {
    key: {
      kid: `${keyUrl(vault, key)}/${version.version}`,
      kty: key.kty,
      key_ops: OPERATIONS,
      n: version.modulus,
      e: 'AQAB',
    },
    ...{ attributes: attributes(vault, version) },
    ...(version.tags ? { tags: version.tags } : {}),
  };
}

function deletedBundle(vault: KeyVault, key: VaultKey): { key?: object } {
  const deletedDate = key.deletedAt ?? 0;
  const version = key.versions.at(-1);
  return {
    ...{
      recoveryId: `https://${vault.name}.vault.azure.net/deletedkeys/${key.name}`,
      deletedDate,
      scheduledPurgeDate: deletedDate + vault.retentionDays * 86_400,
    },
    ...(version ? bundle(vault, { key, version }) : {}),
  };
}

function applyChange(version: KeyVersion, body: unknown): void {
  const { enabled, exp, nbf } = objectAt(body, 'attributes');
  if (typeof enabled === 'boolean') version.enabled = enabled;
  if (typeof exp === 'number') version.expires = exp;
  if (typeof nbf === 'number') version.notBefore = nbf;
  if (isObject(body)) version.tags = tagsIn(body) ?? version.tags;
  version.updated = Math.floor(Date.now() / 1000);
}
