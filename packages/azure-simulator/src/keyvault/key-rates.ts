import { ArmError } from '../arm/arm-error.ts';
import type { Draw, RateLimits } from '../arm/rate-limits.ts';
import { subscriptionScope } from '../arm/resource-id.ts';
import type { Call } from '../arm/route.ts';
import { textAt } from '../resources/json.ts';
import type { KeyPermission } from './key-rights.ts';
import type { KeyVault } from './key-vault.ts';
import type { VaultOf } from './vault-access.ts';

/**
 * What a vault gives in 10 s, of the lightest.
 *
 * Source: "Azure Key Vault service limits", resource type vault. Assumed: new keys and versions
 * are counted apart from the rest, and a call that names no key is as light as can be.
 */
const VAULT = { creations: 20, others: 4000 } as const;
/** How many of the lightest one weighs: the sum is limited. Source: as above. */
const WEIGHT_OF_BITS: ReadonlyMap<number, number> = new Map([
  [2048, 1],
  [3072, 4],
  [4096, 8],
]);
const WEIGHT_OF_HSM_KEY = 2;
/** All vaults of a subscription in a region, as multiple of one. Source: as above, footnote. */
const SUBSCRIPTION_FACTOR = 5;
/** Assumed: 1 creation, 10 removals and 1,100 others a second, counted over 10 s. */
const MANAGED_HSM = { creations: 10, removals: 100, others: 11_000 } as const;

const CREATIONS: readonly KeyPermission[] = ['create', 'rotate'];
const REMOVALS: readonly KeyPermission[] = ['delete', 'recover', 'purge'];

/** Finds vaults for callers that do not come too often; what is refused does not count. */
export function withinRates(vaultOf: VaultOf, limits: RateLimits): VaultOf {
  return (call, permission) => {
    const vault = vaultOf(call, permission);
    const creates = CREATIONS.includes(permission);
    const draws =
      vault.kind === 'hsm' ? ofHsm(vault, permission, creates) : ofVault(vault, call, creates);
    if (!limits.takeAll(draws)) throw throttled();
    return vault;
  };
}

function ofVault(vault: KeyVault, call: Call, creates: boolean): readonly Draw[] {
  const kind = creates ? 'creations' : 'others';
  const key = vault.keys.get((call.params['key'] ?? '').toLowerCase());
  const kty = key?.kty ?? textAt(call.body, 'kty') ?? '';
  const ofSize = WEIGHT_OF_BITS.get(key?.versions.at(-1)?.sizeBits ?? 2048) ?? 1;
  const tokens = (/-HSM$/i.test(kty) ? WEIGHT_OF_HSM_KEY : 1) * (creates ? 1 : ofSize);
  const region = `${subscriptionScope(vault.id)}/${vault.region}`;
  return [
    draw(`${vault.id}/${kind}`, VAULT[kind], tokens),
    draw(`${region}/${kind}`, VAULT[kind] * SUBSCRIPTION_FACTOR, tokens),
  ];
}

function ofHsm({ id }: KeyVault, permission: KeyPermission, creates: boolean): readonly Draw[] {
  const other = REMOVALS.includes(permission) ? 'removals' : 'others';
  const kind = creates ? 'creations' : other;
  return [draw(`${id}/${kind}`, MANAGED_HSM[kind], 1)];
}

/** The 10 s slide: what was taken comes back evenly. */
function draw(bucket: string, capacity: number, tokens: number): Draw {
  return { bucket: bucket.toLowerCase(), capacity, refillPerMinute: capacity * 6, tokens };
}

/**
 * Without Retry-After. Source: answers with their headers in public reports, 2020 and 2023, the
 * documents ask for exponential pauses; that the subscription's limit words it alike is assumed.
 */
function throttled(): ArmError {
  return new ArmError(
    429,
    'Throttled',
    'Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached',
  );
}
