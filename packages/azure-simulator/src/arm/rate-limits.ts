import { ArmError } from './arm-error.ts';
import { subscriptionScope } from './resource-id.ts';

interface BucketSize {
  readonly capacity: number;
  readonly refillPerMinute: number;
}

/** A token bucket that a call draws from. */
export interface RatePolicy extends BucketSize {
  /** The name in the header, e.g. `DeleteVMResource`. */
  readonly name: string;
  /** `resource`: one bucket per resource; `subscription`: one for all. */
  readonly per: 'resource' | 'subscription';
}

/** What one call takes out of one bucket. */
export interface Draw extends BucketSize {
  readonly bucket: string;
  readonly tokens: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Buckets of the resource manager, per subscription. Source: ARM throttling since 2024. */
const GATEWAY = {
  reads: { capacity: 250, refillPerMinute: 25 * 60 },
  writes: { capacity: 200, refillPerMinute: 10 * 60 },
  deletes: { capacity: 200, refillPerMinute: 10 * 60 },
} as const;

/** Counts calls and refuses those that come too fast, as the gateway and the providers do. */
export class RateLimits {
  readonly #buckets = new Map<string, Bucket>();
  readonly #speed: number;

  constructor(speed: number) {
    this.#speed = speed;
  }

  /**
   * Takes a token from the bucket of the subscription, or of the tenant where the call lies above
   * subscriptions, for this kind of call.
   *
   * @throws ArmError 429 with the seconds until the next token.
   */
  takeGateway(method: string, subscription: string): Record<string, string> {
    const kind = method === 'GET' || method === 'HEAD' ? 'reads' : gatewayKind(method);
    const left = this.#take(`gateway/${kind}/${subscription.toLowerCase()}`, GATEWAY[kind]);
    if (left.waitS > 0) {
      throw new ArmError(
        429,
        'SubscriptionRequestsThrottled',
        `Number of requests for subscription '${subscription}' and operation '${method}' exceeded the backend storage limit. Please try again after '${left.waitS}' seconds.`,
        { headers: { 'retry-after': String(left.waitS), 'x-ms-failure-cause': 'gateway' } },
      );
    }
    if (subscription === '') {
      return { [`x-ms-ratelimit-remaining-tenant-${kind}`]: String(left.tokens) };
    }
    return {
      [`x-ms-ratelimit-remaining-subscription-${kind}`]: String(left.tokens),
      [`x-ms-ratelimit-remaining-subscription-global-${kind}`]: String(
        GATEWAY[kind].capacity * 15 - (GATEWAY[kind].capacity - left.tokens),
      ),
    };
  }

  /**
   * Takes a token from each of a provider's buckets.
   *
   * @throws ArmError 429. Source: Compute throttling, "API throttling troubleshooting".
   */
  takeProvider(policies: readonly RatePolicy[], resource: string): Record<string, string> {
    const remaining: string[] = [];
    for (const policy of policies) {
      const key =
        policy.per === 'resource'
          ? `${policy.name}${resource.toLowerCase()}`
          : `${policy.name}${subscriptionScope(resource).toLowerCase()}`;
      const left = this.#take(key, policy);
      if (left.waitS > 0) throw tooManyRequests(policy, left.waitS);
      remaining.push(`Microsoft.Compute/${policy.name};${left.tokens}`);
    }
    return { 'x-ms-ratelimit-remaining-resource': remaining.join(',') };
  }

  /** Takes what each bucket has to give, or nothing at all when one of them has too little. */
  takeAll(draws: readonly Draw[]): boolean {
    const all = draws.map((draw) => ({ bucket: this.#filled(draw.bucket, draw), draw }));
    if (all.some(({ bucket, draw }) => bucket.tokens < draw.tokens)) return false;
    for (const { bucket, draw } of all) bucket.tokens -= draw.tokens;
    return true;
  }

  #take(key: string, size: BucketSize): { tokens: number; waitS: number } {
    const bucket = this.#filled(key, size);
    if (bucket.tokens < 1) {
      const waitMs = (1 - bucket.tokens) / this.#perMs(size);
      return { tokens: 0, waitS: Math.max(1, Math.ceil(waitMs / 1000)) };
    }
    bucket.tokens -= 1;
    return { tokens: Math.floor(bucket.tokens), waitS: 0 };
  }

  #filled(key: string, size: BucketSize): Bucket {
    const now = Date.now();
    const bucket = this.#buckets.get(key) ?? { tokens: size.capacity, at: now };
    const refill = (now - bucket.at) * this.#perMs(size);
    bucket.tokens = Math.min(size.capacity, bucket.tokens + refill);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #perMs({ refillPerMinute }: BucketSize): number {
    return (refillPerMinute * this.#speed) / 60_000;
  }
}

/** POST actions are counted with the writes. Source: headers of recorded deallocations. */
function gatewayKind(method: string): 'writes' | 'deletes' {
  return method === 'DELETE' ? 'deletes' : 'writes';
}

function tooManyRequests(policy: RatePolicy, waitS: number): ArmError {
  const counted = {
    operationGroup: policy.name,
    startTime: new Date(Date.now() - 60_000).toISOString(),
    endTime: new Date().toISOString(),
    allowedRequestCount: policy.capacity,
    measuredRequestCount: policy.capacity + 1,
  };
  return new ArmError(
    429,
    'OperationNotAllowed',
    'The server rejected the request because too many requests have been received for this subscription.',
    {
      details: [{ code: 'TooManyRequests', target: policy.name, message: JSON.stringify(counted) }],
      headers: { 'retry-after': String(waitS) },
    },
  );
}
