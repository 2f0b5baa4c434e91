import type { Caller } from '../domain/people/caller.ts';

/** Claims of a token, each by its short name, whoever checked it. */
export type Claims = Readonly<Record<string, unknown>>;

const LONGEST_NAME = 200;

/**
 * Who a checked token speaks for; null when it names nobody.
 *
 * An application's own token names it twice: `oid` and `sub` are the same, while a person's `sub`
 * is another one for each application.
 *
 * Source: "Access token claims reference", oid, sub, idtyp, roles; "ID token claims reference".
 */
export function callerOfClaims(claims: Claims): Caller | null {
  const objectId = textIn(claims, 'oid');
  if (objectId === null) return null;
  const isApplication = claims['idtyp'] === 'app' || claims['sub'] === objectId;
  const named = isApplication
    ? ['app_displayname', 'azp', 'appid']
    : ['preferred_username', 'upn', 'unique_name', 'email', 'name'];
  const [name = objectId] = named.flatMap((claim) => textIn(claims, claim) ?? []);
  const { roles } = claims;
  return {
    person: { objectId, name },
    kind: isApplication ? 'application' : 'person',
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
  };
}

/** As people will read it, in logs and on terminals. */
function textIn(claims: Claims, name: string): string | null {
  const value = claims[name];
  if (typeof value !== 'string') return null;
  const text = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').slice(0, LONGEST_NAME);
  return text === '' ? null : text;
}
