import type { Caller } from '../domain/people/caller.ts';
import { type Claims, callerOfClaims } from './caller-of-claims.ts';
import type { AppRegistration } from './sign-in-settings.ts';

/** The long names that App Service gives to some claims. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  'http://schemas.microsoft.com/identity/claims/objectidentifier': 'oid',
  'http://schemas.microsoft.com/identity/claims/tenantid': 'tid',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier': 'sub',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name': 'unique_name',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': 'upn',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress': 'email',
  'http://schemas.microsoft.com/ws/2008/06/identity/claims/role': 'roles',
};

const LARGEST = 65_536;

/**
 * Who App Service authentication says that the caller is; null when its header is none of Entra
 * ID's, or is about another directory or app registration than is set.
 *
 * Only to be asked where App Service authentication is on: it takes such a header from outside away.
 *
 * Source: "Work with user identities in Azure App Service authentication", section "Decode the
 * client principal header".
 */
export function platformPrincipal(
  header: string,
  registration: AppRegistration | null,
): Caller | null {
  const principal = header.length > LARGEST ? null : parse(header);
  if (principal === null || principal.auth_typ !== 'aad') return null;
  const claims = claimsOf(principal);
  return claims && isOf(claims, registration) ? callerOfClaims(claims) : null;
}

function claimsOf({ claims, role_typ: roleType }: Principal): Claims | null {
  if (!Array.isArray(claims) || !claims.every(isClaim)) return null;
  const found: Record<string, unknown> = {};
  const roles: string[] = [];
  for (const { typ, val } of claims) {
    const name = LONG_NAMES[typ] ?? typ;
    if (name === 'roles' || typ === roleType) roles.push(val);
    // Said twice, it may be about two.
    else found[name] = (found[name] ?? val) === val ? val : '';
  }
  return { ...found, roles };
}

interface Claim {
  readonly typ: string;
  readonly val: string;
}

function isClaim(json: unknown): json is Claim {
  const { typ, val } = (json ?? {}) as Partial<Claim>;
  return typeof typ === 'string' && typeof val === 'string';
}

interface Principal {
  readonly auth_typ?: unknown;
  readonly role_typ?: unknown;
  readonly claims?: unknown;
}

function parse(header: string): Principal | null {
  try {
    return JSON.parse(Buffer.from(header, 'base64').toString('utf8')) as Principal | null;
  } catch {
    return null;
  }
}

function isOf({ tid, aud }: Claims, registration: AppRegistration | null): boolean {
  if (registration === null) return true;
  const { tenantId, clientId } = registration;
  return tid === tenantId && (aud === clientId || aud === `api://${clientId}`);
}
