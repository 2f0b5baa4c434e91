import { createHash, timingSafeEqual } from 'node:crypto';
import { APPROVE_ROLE, type Caller, CONVERT_ROLE } from '../domain/people/caller.ts';
import { platformPrincipal } from './platform-principal.ts';
import type { LocalPerson, SignInSettings } from './sign-in-settings.ts';
import type { KeySource } from './signing-keys.ts';
import { type TokenFault, tokenVerifier, type Verified } from './verify-token.ts';

/** What of a request can say who sends it. */
interface Asking {
  readonly headers: { get(name: string): string | null };
  readonly query: { get(name: string): string | null };
}

export type Identified =
  | Exclude<Verified, { kind: 'refused' }>
  /** Nothing but a function key. */
  | { readonly kind: 'nobody' }
  | {
      readonly kind: 'refused';
      readonly code: TokenFault | 'PrincipalInvalid' | 'TokensNotSetUp';
    };

/** Says who sends a request. Throws nothing; what it does not know is nobody. */
export type Identify = (asking: Asking) => Promise<Identified>;

/** Who somebody is: by App Service authentication, a token, or the key of this machine's owner. */
export function identifier(
  { registration, platform, local }: SignInSettings,
  source: Omit<KeySource, 'tenantId'>,
): Identify {
  const verify = registration && tokenVerifier({ ...registration, ...source });
  const byPlatform = (principal: string): Identified => {
    const caller = platformPrincipal(principal, registration);
    return caller ? { kind: 'caller', caller } : { kind: 'refused', code: 'PrincipalInvalid' };
  };
  const byToken = async (token: string): Promise<Identified> =>
    verify ? verify(token) : { kind: 'refused', code: 'TokensNotSetUp' };
  const byKey = (key: string): Identified =>
    local && isKey(key, local) ? { kind: 'caller', caller: owner(local) } : { kind: 'nobody' };

  return async ({ headers, query }) => {
    const principal = platform ? headers.get('x-ms-client-principal') : null;
    if (principal !== null) return byPlatform(principal);
    const [, token] = /^Bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '') ?? [];
    if (token !== undefined) return byToken(token);
    return byKey(headers.get('x-functions-key') ?? query.get('code') ?? '');
  };
}

function isKey(key: string, { keyDigest }: LocalPerson): boolean {
  const known = Buffer.from(keyDigest, 'hex');
  const given = createHash('sha256').update(key).digest();
  return known.length === given.length && timingSafeEqual(known, given);
}

/** Whoever may read the keys of the state folder may do anything to this app anyway. */
function owner({ user }: LocalPerson): Caller {
  const name = `local:${user}`;
  const roles = [APPROVE_ROLE, CONVERT_ROLE];
  return { person: { objectId: name, name }, kind: 'person', roles };
}
