import { type Answer, answer } from '../arm/answer.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import type { Random } from '../random.ts';
import { isObject, objectAt } from '../resources/json.ts';
import { tagsIn } from '../resources/tags.ts';
import { bundle, deletedBundle, item, keysAt, keyUrl } from './key-bodies.ts';
import { keyRotationRoutes } from './key-rotation-routes.ts';
import type { KeyStore, KeyVault, KeyVersion, VaultKey } from './key-store.ts';

/**
 * Keys of the vault that a call's host names. Source: recorded answers, service 1.9.
 *
 * A disabled key is answered as any other: a GET of one is in no recording.
 */
export function keyRoutes(
  keys: KeyStore,
  random: Random,
  vaultOf: (call: Call) => KeyVault,
): readonly Route[] {
  const routes = [
    ...keyRotationRoutes({ keys, random, vaultOf }),
    ...keyAndVersionRoutes(keys, vaultOf),
  ];
  return routes.map((it) => ({ ...it, handle: (call) => asKnown(it.handle(call), call) }));
}

function asKnown(answered: Answer, { apiVersion }: Call): Answer {
  const { body } = answered;
  return isObject(body) ? { ...answered, body: keysAt(apiVersion, body) } : answered;
}

function keyAndVersionRoutes(keys: KeyStore, vaultOf: (call: Call) => KeyVault): readonly Route[] {
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

function applyChange(version: KeyVersion, body: unknown): void {
  const { enabled, exp, nbf } = objectAt(body, 'attributes');
  if (typeof enabled === 'boolean') version.enabled = enabled;
  if (typeof exp === 'number') version.expires = exp;
  if (typeof nbf === 'number') version.notBefore = nbf;
  if (isObject(body)) version.tags = tagsIn(body) ?? version.tags;
  version.updated = Math.floor(Date.now() / 1000);
}
