import { ArmError } from './arm-error.ts';
import { subscriptionScope } from './resource-id.ts';

/** A token bucket that a call draws from. */
export interface RatePolicy {
  /** The name in the header, e.g. `DeleteVMResource`. */
  readonly name: string;
  readonly capacity: number;
  readonly refillPerMinute: number;
  /** `resource`: one bucket per resource; `subscription`: one for all. */
  readonly per: 'resource' | 'subscription';
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

  #take(
    key: string,
    { capacity, refillPerMinute }: { capacity: number; refillPerMinute: number },
  ): { tokens: number; waitS: number } {
    const now = Date.now();
    const perMs = (refillPerMinute * this.#speed) / 60_000;
    const bucket = this.#buckets.get(key) ?? { tokens: capacity, at: now };
    bucket.tokens = Math.min(capacity, bucket.tokens + (now - bucket.at) * perMs);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1) {
      return { tokens: 0, waitS: Math.max(1, Math.ceil((1 - bucket.tokens) / perMs / 1000)) };
    }
    bucket.tokens -= 1;
    return { tokens: Math.floor(bucket.tokens), waitS: 0 };
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
