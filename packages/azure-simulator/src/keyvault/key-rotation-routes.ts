import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { type Route, route } from '../arm/route.ts';
import type { Random } from '../random.ts';
import { isObject, objectAt, textAt } from '../resources/json.ts';
import { bundle } from './key-bodies.ts';
import { nextVersion } from './key-clock.ts';
import { isLive, type KeyStore } from './key-store.ts';
import { type KeyVault, keyUrl, newKey, newVersion, type VaultKey } from './key-vault.ts';
import { NOTICE, normalised } from './rotation-policy.ts';
import type { VaultOf } from './vault-access.ts';
import { badParameter } from './vault-request-rules.ts';

interface Surroundings {
  readonly keys: KeyStore;
  readonly random: Random;
  readonly vaultOf: VaultOf;
}

/** Source: REST reference, Create Key. */
const RSA_SIZES = [2048, 3072, 4096];
const RSA = ['RSA', 'RSA-HSM'];

/** New keys, new versions, and when they are made. Source: recorded answers, service 1.9. */
export function keyRotationRoutes({ keys, random, vaultOf }: Surroundings): readonly Route[] {
  return [
    route('POST', '/keys/:key/create', (call) => {
      const vault = vaultOf(call, 'create');
      const { kty, size } = kindIn(vault, call.body);
      const name = call.params.key;
      const known = vault.keys.get(name.toLowerCase());
      if (known && !isLive(known)) throw nameTaken(name);
      const key = known ?? newKey(name, kty);
      vault.keys.set(name.toLowerCase(), key);
      const version = newVersion(random, call.body, size);
      keys.addVersion(vault, key, version);
      return answer(200, bundle(vault, { key, version }));
    }),
    route('POST', '/keys/:key/rotate', (call) => {
      const vault = vaultOf(call, 'rotate');
      const { key, version: old } = keys.requireKey(vault, call.params.key);
      const version = nextVersion(key, old, random);
      keys.addVersion(vault, key, version);
      return answer(200, bundle(vault, { key, version }));
    }),
    route('GET', '/keys/:key/rotationpolicy', (call) => {
      const vault = vaultOf(call, 'getrotationpolicy');
      return answer(200, policyBody(vault, keys.requireKey(vault, call.params.key).key));
    }),
    route('PUT', '/keys/:key/rotationpolicy', (call) => {
      const vault = vaultOf(call, 'setrotationpolicy');
      const { key } = keys.requireKey(vault, call.params.key);
      key.rotationPolicy = normalised(call.body, objectAt(key.rotationPolicy, 'attributes'));
      keys.onChange(vault, key, null);
      return answer(200, policyBody(vault, key));
    }),
  ];
}

function policyBody(vault: KeyVault, key: VaultKey): object {
  return key.rotationPolicy === null
    ? { lifetimeActions: [NOTICE], attributes: null }
    : { id: `${keyUrl(vault, key)}/rotationpolicy`, ...key.rotationPolicy };
}

/** Disks take RSA only, so nothing else is made here; managed HSMs make no soft keys. */
function kindIn(vault: KeyVault, body: unknown): { kty: string; size: number } {
  const asked = textAt(body, 'kty');
  if (asked !== undefined && /^(EC|oct)(-HSM)?$/i.test(asked)) {
    throw new ArmError(501, 'NotSimulated', `The simulated Key Vault makes no keys of ${asked}.`);
  }
  const kty = RSA.find((it) => it === asked?.toUpperCase());
  if (!kty) throw badParameter('Property kty has invalid value\n');
  const exponent = isObject(body) ? (body['public_exponent'] ?? 65_537) : 65_537;
  if (exponent !== 65_537) {
    throw new ArmError(
      501,
      'NotSimulated',
      'Keys of the simulated Key Vault have the exponent 65537.',
    );
  }
  const size = isObject(body) ? Number(body['key_size'] ?? 2048) : 2048;
  if (!RSA_SIZES.includes(size)) throw badParameter('Property key_size has invalid value\n');
  return { kty: vault.kind === 'hsm' ? 'RSA-HSM' : kty, size };
}

/** Source: text as vaults give it for secrets, in public reports; the same is assumed for keys. */
function nameTaken(name: string): ArmError {
  return new ArmError(
    409,
    'Conflict',
    `Key ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the key can only be recovered or purged.`,
    { innererror: { code: 'ObjectIsDeletedButRecoverable' } },
  );
}
