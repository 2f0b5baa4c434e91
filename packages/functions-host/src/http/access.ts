import { createHash, timingSafeEqual } from 'node:crypto';
import { answer, type HttpAnswer, type HttpCall } from './call.ts';

/** The keys that open the HTTP surface. */
export interface HostKeys {
  /** Opens everything. */
  readonly master: string;
  /** Opens functions of level `function`. */
  readonly function: string;
  /** Opens the Event Grid webhook. */
  readonly eventGrid: string;
  /** Opens the Durable Functions webhooks. */
  readonly durableTask: string;
}

export type KeyName = keyof HostKeys;

/** Checks keys, in a time that does not depend on how much of a key is right. */
export class Access {
  readonly #digests: readonly (readonly [KeyName, Buffer])[] | null;

  /** @param keys null lets everybody in, as the local host of the Core Tools does. */
  constructor(keys: HostKeys | null) {
    this.#digests =
      keys === null
        ? null
        : (Object.entries(keys) as [KeyName, string][])
            .filter(([, key]) => key !== '')
            .map(([name, key]) => [name, digest(key)]);
  }

  /** A function's own level: one answer for every unfit key (recorded). */
  refuseFunction(call: HttpCall, level: string): HttpAnswer | null {
    if (this.#digests === null || level === 'anonymous') return null;
    const name = this.#nameOf(call);
    return name === 'master' || (level === 'function' && name === 'function') ? null : answer(401);
  }

  /** The webhooks and `/admin` tell an unknown key from one for another door (recorded). */
  refuseWebhook(call: HttpCall, needed: KeyName): HttpAnswer | null {
    if (this.#digests === null) return null;
    const name = this.#nameOf(call);
    if (name === 'master' || name === needed) return null;
    return name === null ? answer(401, null, { 'www-authenticate': 'Bearer' }) : answer(403);
  }

  #nameOf(call: HttpCall): KeyName | null {
    const given = call.headers['x-functions-key'] ?? call.url.searchParams.get('code');
    if (given === null || given === undefined || given === '') return null;
    const givenDigest = digest(given);
    let found: KeyName | null = null;
    for (const [name, known] of this.#digests ?? []) {
      if (timingSafeEqual(known, givenDigest)) found ??= name;
    }
    return found;
  }
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
