import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Caller } from '../domain/people/caller.ts';
import { callerOfClaims } from './caller-of-claims.ts';
import type { AppRegistration } from './sign-in-settings.ts';
import { type KeySource, SigningKeysUnavailableError, signingKeys } from './signing-keys.ts';

/** More than Node takes in all headers together. */
const LONGEST_TOKEN = 16_384;
/** Of clocks that differ. Source: Microsoft's own libraries allow as much. */
const LEEWAY_S = 300;

/** What is wrong with a token; each is the code of its refusal. */
export type TokenFault =
  | 'TokenMalformed'
  | 'TokenAlgorithmNotAllowed'
  | 'TokenKeyUnknown'
  | 'TokenSignatureInvalid'
  | 'TokenExpired'
  | 'TokenNotYetValid'
  | 'TokenIssuerInvalid'
  | 'TokenAudienceInvalid'
  | 'TokenNotForAccess';

export type Verified =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | { readonly kind: 'refused'; readonly code: TokenFault }
  | { readonly kind: 'unavailable' };

/**
 * Checks access tokens of one app registration, of both versions, and says who they speak for.
 *
 * Source: "Access tokens in the Microsoft identity platform", sections "Validate tokens" and
 * "Token formats"; "Claims validation" for what tells a person's token from an application's.
 */
export function tokenVerifier({
  tenantId,
  clientId,
  ...source
}: AppRegistration & Omit<KeySource, 'tenantId'>): (token: string) => Promise<Verified> {
  const keysFor = signingKeys({ ...source, tenantId });
  const { v1, v2 } = source.cloud.tokenIssuers;
  const expected = {
    algorithms: ['RS256'],
    issuer: [`${v2}/${tenantId}/v2.0`, `${v1}/${tenantId}/`],
    audience: [clientId, `api://${clientId}`],
    clockTolerance: LEEWAY_S,
    requiredClaims: ['exp', 'nbf', 'oid', 'tid'],
  };

  return async (token) => {
    const keyId = keyIdIn(token);
    if (keyId === null) return refused('TokenMalformed');
    try {
      const { payload } = await jwtVerify(
        token,
        async (header, input) => (await keysFor(keyId))(header, input),
        { ...expected, currentDate: new Date() },
      );
      return payload['tid'] === tenantId ? judge(payload) : refused('TokenIssuerInvalid');
    } catch (error) {
      if (error instanceof SigningKeysUnavailableError) return { kind: 'unavailable' };
      if (error instanceof errors.JOSEError) return refused(faultOf(error));
      throw error;
    }
  };
}

function judge(claims: JWTPayload): Verified {
  const caller = callerOfClaims(claims);
  if (caller === null) return refused('TokenMalformed');
  // Without a scope it is an ID token, which says who signed in and is no permission.
  const isDelegated = typeof claims['scp'] === 'string' && claims['scp'] !== '';
  if (caller.kind === 'person' && !isDelegated) return refused('TokenNotForAccess');
  return { kind: 'caller', caller };
}

function refused(code: TokenFault): Verified {
  return { kind: 'refused', code };
}

/** Null for what is no signed token: the set of keys would serve one without a key ID too. */
function keyIdIn(token: string): string | null {
  if (token.length > LONGEST_TOKEN || token.split('.').length !== 3) return null;
  try {
    const { kid } = decodeProtectedHeader(token);
    return typeof kid === 'string' && kid !== '' ? kid : null;
  } catch {
    return null;
  }
}

const OF_CLAIM: Readonly<Record<string, TokenFault>> = {
  iss: 'TokenIssuerInvalid',
  aud: 'TokenAudienceInvalid',
  nbf: 'TokenNotYetValid',
};

function faultOf(error: errors.JOSEError): TokenFault {
  if (error instanceof errors.JWTExpired) return 'TokenExpired';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'TokenAlgorithmNotAllowed';
  if (error instanceof errors.JWKSNoMatchingKey) return 'TokenKeyUnknown';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'TokenSignatureInvalid';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return OF_CLAIM[error.claim] ?? 'TokenMalformed';
  }
  return 'TokenMalformed';
}
