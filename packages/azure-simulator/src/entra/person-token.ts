import { createHash } from 'node:crypto';
import { isObject } from '../resources/json.ts';
import type { SigningKey } from './signing-key.ts';

/** An access token to make, as a person would get it from Entra ID who signs in. */
export interface TokenRequest {
  /** User principal name. */
  readonly name: string;
  /** Client ID of the app registration that the token is for. */
  readonly audience: string;
  /** App roles that the person was assigned. */
  readonly roles?: readonly string[];
  /** 2 when absent. */
  readonly version?: 1 | 2;
  /** Replaces or adds claims; `null` takes one away. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Replaces what the header says. */
  readonly header?: Readonly<Record<string, unknown>>;
}

const LIFETIME_S = 3_600;

/**
 * Makes an access token of the directory.
 *
 * Source: "Access token claims reference" and "Access tokens in the Microsoft identity platform",
 * sections "Token formats" and "Token ownership". Assumed: the issuer's `/` after version 1.
 */
export function personToken(
  key: SigningKey,
  tenantId: string,
  { name, audience, roles = [], version = 2, claims = {}, header = {} }: TokenRequest,
): string {
  const now = Math.floor(Date.now() / 1000);
  const known = {
    ...(version === 2
      ? {
          aud: audience,
          iss: `https://login.microsoftonline.com/${tenantId}/v2.0`,
          preferred_username: name,
          ver: '2.0',
        }
      : {
          aud: `api://${audience}`,
          iss: `https://sts.windows.net/${tenantId}/`,
          upn: name,
          unique_name: name,
          ver: '1.0',
        }),
    iat: now,
    nbf: now,
    exp: now + LIFETIME_S,
    name: name.split('@')[0],
    oid: guidOf(`person ${name}`),
    ...(roles.length > 0 ? { roles } : {}),
    scp: 'access',
    sub: guidOf(`subject ${name} ${audience}`),
    tid: tenantId,
  };
  const said = Object.entries({ ...known, ...claims }).filter(([, value]) => value !== null);
  return key.sign(Object.fromEntries(said), header);
}

/** Takes what another process asks for: as it is, or with all that is wrong. */
export function parseTokenRequest(
  json: unknown,
): { readonly request: TokenRequest } | { readonly mistakes: readonly string[] } {
  if (!isObject(json)) return { mistakes: ['$: expected an object'] };
  const { name, audience, roles = [], version = 2, claims = {}, header = {} } = json;
  const mistakes = [
    ...(typeof name === 'string' && name !== '' ? [] : ['$.name: expected a text']),
    ...(typeof audience === 'string' && audience !== '' ? [] : ['$.audience: expected a text']),
    ...(isTexts(roles) ? [] : ['$.roles: expected a list of texts']),
    ...(version === 1 || version === 2 ? [] : ['$.version: expected 1 or 2']),
    ...(isObject(claims) ? [] : ['$.claims: expected an object']),
    ...(isObject(header) ? [] : ['$.header: expected an object']),
  ];
  // Its shape was just checked, member by member.
  return mistakes.length > 0 ? { mistakes } : { request: json as unknown as TokenRequest };
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** The same person has the same object ID each time. */
function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
