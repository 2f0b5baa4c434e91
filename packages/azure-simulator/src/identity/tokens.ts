import type { Caller } from '../arm/route.ts';
import { isObject, type JsonObject } from '../resources/json.ts';

/** The managed identity that callers without a token of their own count as. */
export interface ManagedIdentity extends Caller {
  readonly tenantId: string;
}

const LIFETIME_S = 86_400;

/** A token as the managed identity endpoint gives it: readable, signed by nobody. */
export function makeToken(
  identity: ManagedIdentity,
  resource: string,
): { token: string; expiresOn: number } {
  const now = Math.floor(Date.now() / 1000);
  const expiresOn = now + LIFETIME_S;
  const payload = {
    aud: resource,
    iss: `https://sts.windows.net/${identity.tenantId}/`,
    iat: now,
    nbf: now,
    exp: expiresOn,
    appid: identity.appId,
    appidacr: '2',
    idtyp: 'app',
    oid: identity.objectId,
    sub: identity.objectId,
    tid: identity.tenantId,
    uti: 'simulated',
    ver: '1.0',
  };
  const token = [{ typ: 'JWT', alg: 'RS256', kid: 'simulated' }, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return { token: `${token}.c2ltdWxhdGVk`, expiresOn };
}

/** Who an `Authorization` header speaks for; `null` without a bearer token. */
export function callerIn(header: string | undefined, fallback: Caller): Caller | null {
  const [, token] = /^Bearer\s+(.+)$/i.exec(header ?? '') ?? [];
  if (!token) return null;
  const { oid, appid } = claimsIn(token) ?? {};
  return {
    objectId: typeof oid === 'string' ? oid : fallback.objectId,
    appId: typeof appid === 'string' ? appid : fallback.appId,
  };
}

/** What a JWT says; `null` for any other token, as static test credentials send. */
export function claimsIn(token: string): JsonObject | null {
  const [, payload] = token.split('.');
  // Not left to the parser: to throw is slow, and static tokens come with every call.
  if (payload === undefined) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return isObject(claims) ? claims : null;
  } catch {
    return null;
  }
}
