import { knownAt, type Since } from '../arm/since.ts';
import { isObject, type JsonObject } from '../resources/json.ts';
import { type KeyVault, type KeyVersion, keyUrl, type VaultKey } from './key-vault.ts';

/** The first api-version that shows an attribute; previews of 7.5 do too. */
const SINCE: Since = { exportable: '7.4', hsmPlatform: '7.5' };

/** A body of one key or of a list, as an api-version knows it. */
export function keysAt(apiVersion: string, body: JsonObject): JsonObject {
  const known = (it: unknown): unknown =>
    isObject(it) && isObject(it['attributes'])
      ? { ...it, attributes: knownAt(apiVersion, it['attributes'], SINCE) }
      : it;
  const { value } = body;
  if (Array.isArray(value)) return { ...body, value: value.map(known) };
  return { ...body, ...(known(body) as JsonObject) };
}

function recoveryLevel({ retentionDays, purgeProtection }: KeyVault): string {
  const customized = retentionDays < 90 ? 'Customized' : '';
  return `${customized}Recoverable${purgeProtection ? '' : '+Purgeable'}`;
}

function attributes(vault: KeyVault, version: KeyVersion): object {
  return {
    enabled: version.enabled,
    ...(version.notBefore === undefined ? {} : { nbf: version.notBefore }),
    ...(version.expires === undefined ? {} : { exp: version.expires }),
    created: version.created,
    updated: version.updated,
    recoveryLevel: recoveryLevel(vault),
    recoverableDays: vault.retentionDays,
    exportable: false,
    hsmPlatform: vault.kind === 'hsm' ? '1' : '0',
  };
}

export function item(vault: KeyVault, key: VaultKey, version: KeyVersion): object {
  return {
    kid: `${keyUrl(vault, key)}/${version.version}`,
    attributes: attributes(vault, version),
    ...(version.tags ? { tags: version.tags } : {}),
  };
}

export function bundle(
  vault: KeyVault,
  { key, version }: { key: VaultKey; version: KeyVersion },
): { key: object } {
  return {
    key: {
      kid: `${keyUrl(vault, key)}/${version.version}`,
      kty: key.kty,
      key_ops: version.operations,
      n: version.modulus,
      e: 'AQAB',
    },
    ...{ attributes: attributes(vault, version) },
    ...(version.tags ? { tags: version.tags } : {}),
  };
}

export function deletedBundle(vault: KeyVault, key: VaultKey): { key?: object } {
  const deletedDate = key.deletedAt ?? 0;
  const version = key.versions.at(-1);
  return {
    ...{
      recoveryId: `${vault.uri}/deletedkeys/${key.name}`,
      deletedDate,
      scheduledPurgeDate: deletedDate + vault.retentionDays * 86_400,
    },
    ...(version ? bundle(vault, { key, version }) : {}),
  };
}
