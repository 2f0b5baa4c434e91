import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import type { Random } from '../random.ts';
import { bundle, deletedBundle } from './key-bodies.ts';
import { isLive, type KeyStore, keyNotFound } from './key-store.ts';
import { type KeyVault, keyUrl, type VaultKey } from './key-vault.ts';
import type { VaultOf } from './vault-access.ts';

interface Surroundings {
  readonly keys: KeyStore;
  readonly random: Random;
  readonly speed: number;
  readonly vaultOf: VaultOf;
}

/** Seconds until a deletion, and a recovery, shows. Source: recorded, 1–9 s and 1–15 s. */
const SHOWS_AFTER_S = { deletion: 4, recovery: 8 } as const;

/** Keys that were deleted, until they are recovered or purged. Source: recorded, service 1.9. */
export function deletedKeyRoutes(around: Surroundings): readonly Route[] {
  const { keys, vaultOf } = around;
  const deleted = (vault: KeyVault) =>
    [...vault.keys.values()].filter((key) => !isLive(key) && isSettled(key));
  return [
    route('DELETE', '/keys/:key', (call) => {
      const vault = vaultOf(call, 'delete');
      const { key } = keys.requireKey(vault, call.params.key);
      key.deletedAt = Math.floor(Date.now() / 1000);
      move(around, vault, key, 'deletion');
      return answer(200, deletedBundle(vault, key));
    }),
    route('GET', '/deletedkeys', (call) => {
      const vault = vaultOf(call, 'list');
      return answer(200, {
        value: deleted(vault).map((key) => {
          const { key: _, ...rest } = deletedBundle(vault, key);
          return { kid: keyUrl(vault, key), ...rest };
        }),
        nextLink: null,
      });
    }),
    route('GET', '/deletedkeys/:key', (call) => {
      const vault = vaultOf(call, 'get');
      const key = deleted(vault).find(named(call));
      if (key) return answer(200, deletedBundle(vault, key));
      throw new ArmError(404, 'KeyNotFound', `Deleted Key not found: ${call.params.key}`);
    }),
    route('DELETE', '/deletedkeys/:key', (call) => {
      const vault = vaultOf(call, 'purge');
      const key = requireDeleted(vault, call);
      if (vault.purgeProtection) throw purgeRefused(vault);
      vault.keys.delete(key.name.toLowerCase());
      return answer(204);
    }),
    route('POST', '/deletedkeys/:key/recover', (call) => {
      const vault = vaultOf(call, 'recover');
      const key = requireDeleted(vault, call);
      const version = key.versions.at(-1);
      if (!version) throw keyNotFound(key.name);
      key.deletedAt = undefined;
      move(around, vault, key, 'recovery');
      return answer(200, bundle(vault, { key, version }));
    }),
  ];
}

function move(
  { keys, random, speed }: Surroundings,
  vault: KeyVault,
  key: VaultKey,
  what: keyof typeof SHOWS_AFTER_S,
): void {
  const seconds = SHOWS_AFTER_S[what] * random.at(`${what} ${keyUrl(vault, key)}`);
  key.settledAt = Date.now() + (1000 + 1000 * seconds) / speed;
  keys.onChange(vault, key, null);
}

/** @throws ArmError 404, or 409 while the deletion goes on. */
function requireDeleted(vault: KeyVault, call: Call<'key'>): VaultKey {
  const key = [...vault.keys.values()].find(named(call));
  if (!key || isLive(key)) throw keyNotFound(call.params.key);
  if (isSettled(key)) return key;
  throw new ArmError(409, 'Conflict', `Key ${key.name} is currently being deleted.`, {
    innererror: { code: 'ObjectIsBeingDeleted' },
  });
}

function named({ params }: Call<'key'>): (key: VaultKey) => boolean {
  return ({ name }) => name.toLowerCase() === params.key.toLowerCase();
}

function isSettled({ settledAt }: VaultKey): boolean {
  return settledAt <= Date.now();
}

/** Source: public reports of the text; status and codes are assumed. */
function purgeRefused({ name, region }: KeyVault): ArmError {
  return new ArmError(
    403,
    'Forbidden',
    `Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will automatically purge it after the retention period has passed.\r\nVault: ${name};location=${region}`,
    { innererror: { code: 'ForbiddenByPolicy' } },
  );
}
