import { textAt } from '../resources/json.ts';
import { claimsIn } from './tokens.ts';

/** What is wrong with an `Authorization` header. */
export type TokenFault =
  | { readonly kind: 'no-bearer' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'wrong-audience'; readonly audience: string }
  | { readonly kind: 'wrong-issuer'; readonly issuer: string }
  | { readonly kind: 'expired'; readonly expiredAt: number };

interface Expected {
  readonly audiences: readonly string[];
  readonly tenantId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Judges a token by what it says: nobody signs tokens here, so a signature proves nothing.
 *
 * A word without dots, as static test credentials send, is no JWT and passes for anybody.
 */
export function judgeToken(
  authorization: string,
  { audiences, tenantId, now }: Expected,
): TokenFault | null {
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (!token) return { kind: 'no-bearer' };
  if (!token.includes('.')) return null;
  const claims = token.split('.').length === 3 ? claimsIn(token) : null;
  const audience = textAt(claims, 'aud');
  const issuer = textAt(claims, 'iss');
  if (claims === null || audience === undefined || issuer === undefined) {
    return { kind: 'malformed' };
  }
  if (!audiences.includes(audience)) return { kind: 'wrong-audience', audience };
  if (!issuersOf(tenantId).includes(issuer)) return { kind: 'wrong-issuer', issuer };
  const { exp } = claims;
  const expiredAt = typeof exp === 'number' ? exp * 1000 : 0;
  return expiredAt <= now ? { kind: 'expired', expiredAt } : null;
}

/** Of both generations of tokens. Source: "Access tokens in the Microsoft identity platform". */
function issuersOf(tenantId: string): readonly string[] {
  return [
    `https://sts.windows.net/${tenantId}/`,
    `https://login.microsoftonline.com/${tenantId}/v2.0`,
  ];
}
