import { type Answer, answer } from '../arm/answer.ts';
import { RateLimits } from '../arm/rate-limits.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import type { Random } from '../random.ts';
import { isObject } from '../resources/json.ts';
import { tagsIn } from '../resources/tags.ts';
import { deletedKeyRoutes } from './deleted-key-routes.ts';
import { bundle, item, keysAt } from './key-bodies.ts';
import { keyOperationRoutes } from './key-operation-routes.ts';
import { operationsIn } from './key-operations.ts';
import { withinRates } from './key-rates.ts';
import { keyRotationRoutes } from './key-rotation-routes.ts';
import { isLive, type KeyStore } from './key-store.ts';
import {
  attributesIn,
  type KeyVault,
  type KeyVersion,
  keyUrl,
  type VaultKey,
} from './key-vault.ts';
import { type Authorities, type VaultOf, vaultsFor } from './vault-access.ts';

interface Surroundings extends Authorities {
  readonly random: Random;
  readonly speed: number;
}

/**
 * Keys of the vault or managed HSM that a call's host names. Source: recorded answers, service 1.9.
 *
 * A disabled key is answered as any other: a GET of one is in no recording.
 */
export function keyRoutes(around: Surroundings): readonly Route[] {
  const { keys, random, speed } = around;
  const vaultOf = withinRates(vaultsFor(around), new RateLimits(speed));
  const routes = [
    ...keyRotationRoutes({ keys, random, vaultOf }),
    ...keyOperationRoutes(keys, vaultOf),
    ...deletedKeyRoutes({ keys, random, speed, vaultOf }),
    ...keyAndVersionRoutes(keys, vaultOf),
  ];
  return routes.map((it) => ({ ...it, handle: (call) => asKnown(it.handle(call), call) }));
}

function asKnown(answered: Answer, { apiVersion }: Call): Answer {
  const { body } = answered;
  return isObject(body) ? { ...answered, body: keysAt(apiVersion, body) } : answered;
}

function keyAndVersionRoutes(keys: KeyStore, vaultOf: VaultOf): readonly Route[] {
  const one = (call: Call<'key'>, version?: string) => {
    const vault = vaultOf(call, 'get');
    return answer(200, bundle(vault, keys.requireKey(vault, call.params.key, version)));
  };
  const change = (call: Call<'key'>, version?: string) => {
    const vault = vaultOf(call, 'update');
    const found = keys.requireKey(vault, call.params.key, version);
    applyChange(found.version, call.body);
    keys.onChange(vault, found.key, null);
    return answer(200, bundle(vault, found));
  };
  const items = (vault: KeyVault, list: readonly { key: VaultKey; version: KeyVersion }[]) =>
    answer(200, {
      value: list.map(({ key, version }) => item(vault, key, version)),
      nextLink: null,
    });
  return [
    route('GET', '/keys', (call) => {
      const vault = vaultOf(call, 'list');
      const live = [...vault.keys.values()].filter(isLive);
      return answer(200, {
        value: live.flatMap((key) => {
          const version = key.versions.at(-1);
          return version ? [{ ...item(vault, key, version), kid: keyUrl(vault, key) }] : [];
        }),
        nextLink: null,
      });
    }),
    route('GET', '/keys/:key/versions', (call) => {
      const vault = vaultOf(call, 'list');
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
  ];
}

function applyChange(version: KeyVersion, body: unknown): void {
  const { enabled, expires, notBefore } = attributesIn(body);
  version.operations = operationsIn(body) ?? version.operations;
  version.enabled = enabled ?? version.enabled;
  version.expires = expires ?? version.expires;
  version.notBefore = notBefore ?? version.notBefore;
  version.tags = tagsIn(body) ?? version.tags;
  version.updated = Math.floor(Date.now() / 1000);
}
