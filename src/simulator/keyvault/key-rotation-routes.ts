import { answer } from '../arm/answer.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import type { Random } from '../random.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';
import { tagsIn } from '../resources/tags.ts';
import { bundle, keyUrl } from './key-bodies.ts';
import type { KeyStore, KeyVault, KeyVersion, VaultKey } from './key-store.ts';

/** A notice a month before the end, which every policy has. Source: recorded policies. */
const NOTICE = { trigger: { timeBeforeExpiry: 'P30D' }, action: { type: 'Notify' } };

interface Surroundings {
  readonly keys: KeyStore;
  readonly random: Random;
  readonly vaultOf: (call: Call) => KeyVault;
}

/** New keys, new versions, and when they are made. Source: recorded answers, service 1.9. */
export function keyRotationRoutes({ keys, random, vaultOf }: Surroundings): readonly Route[] {
  const policy = (vault: KeyVault, key: VaultKey) =>
    key.rotationPolicy === null
      ? { lifetimeActions: [NOTICE], attributes: null }
      : { id: `${keyUrl(vault, key)}/rotationpolicy`, ...key.rotationPolicy };
  return [
    route('POST', '/keys/:key/create', (call) => {
      const vault = vaultOf(call);
      const name = call.params.key;
      const known = vault.keys.get(name.toLowerCase());
      const kty = textAt(call.body, 'kty') ?? 'RSA';
      const key = known ?? { name, kty, versions: [], deletedAt: undefined, rotationPolicy: null };
      vault.keys.set(name.toLowerCase(), key);
      const version = newVersion(random, call.body);
      key.versions.push(version);
      return answer(200, bundle(vault, { key, version }));
    }),
    route('POST', '/keys/:key/rotate', (call) => {
      const vault = vaultOf(call);
      const { key, version: old } = keys.requireKey(vault, call.params.key);
      const version = newVersion(random, { key_size: old.sizeBits });
      version.expires = expiryOf(key, version.created);
      key.versions.push(version);
      return answer(200, bundle(vault, { key, version }));
    }),
    route('GET', '/keys/:key/rotationpolicy', (call) => {
      const vault = vaultOf(call);
      return answer(200, policy(vault, keys.requireKey(vault, call.params.key).key));
    }),
    route('PUT', '/keys/:key/rotationpolicy', (call) => {
      const vault = vaultOf(call);
      const { key } = keys.requireKey(vault, call.params.key);
      key.rotationPolicy = normalised(call.body, objectAt(key.rotationPolicy, 'attributes'));
      return answer(200, policy(vault, key));
    }),
  ];
}

function newVersion(random: Random, body: unknown): KeyVersion {
  const size = isObject(body) ? Number(body['key_size'] ?? 2048) : 2048;
  const { enabled, exp, nbf } = objectAt(body, 'attributes');
  const now = Math.floor(Date.now() / 1000);
  return {
    version: random.hex(32),
    sizeBits: size,
    modulus: random.base64(Math.ceil(size / 6)),
    created: now,
    updated: now,
    enabled: enabled !== false,
    expires: typeof exp === 'number' ? exp : undefined,
    notBefore: typeof nbf === 'number' ? nbf : undefined,
    tags: tagsIn(body),
  };
}

/** Action names come back with a capital; a notice is added where there is none. */
function normalised(body: unknown, old: JsonObject): JsonObject {
  const sent: unknown = isObject(body) ? body['lifetimeActions'] : undefined;
  const actions = (Array.isArray(sent) ? sent : []).filter(isObject).map((it) => {
    const type = textAt(objectAt(it, 'action'), 'type') ?? '';
    const capital = type.slice(0, 1).toUpperCase() + type.slice(1).toLowerCase();
    return { trigger: it['trigger'], action: { type: capital } };
  });
  const notifies = actions.some(({ action }) => action.type === 'Notify');
  const now = Math.floor(Date.now() / 1000);
  const expiryTime = textAt(objectAt(body, 'attributes'), 'expiryTime');
  return {
    lifetimeActions: notifies ? actions : [...actions, NOTICE],
    attributes: {
      ...(expiryTime ? { expiryTime } : {}),
      created: old['created'] ?? now,
      updated: now,
    },
  };
}

/** The end of a version made now; only a policy with an `expiryTime` sets one. */
function expiryOf({ rotationPolicy }: VaultKey, now: number): number | undefined {
  const text = textAt(objectAt(rotationPolicy, 'attributes'), 'expiryTime') ?? '';
  const [, years, months, days] = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?$/.exec(text) ?? [];
  const total = Number(years ?? 0) * 365 + Number(months ?? 0) * 30 + Number(days ?? 0);
  return total === 0 ? undefined : now + total * 86_400;
}
