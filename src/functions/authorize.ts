import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import {
  type Act,
  APPROVE_ROLE,
  type Caller,
  CONVERT_ROLE,
  objectionToCaller,
} from '../domain/caller.ts';
import type { Identified, Identify } from '../people/identify.ts';
import { armError } from './arm-answer.ts';

const ROLES: Readonly<Record<Act, string>> = {
  approve: APPROVE_ROLE,
  convert: `${CONVERT_ROLE} or ${APPROVE_ROLE}`,
};

const FAULTS: Readonly<Record<Extract<Identified, { kind: 'refused' }>['code'], string>> = {
  PrincipalInvalid:
    'What App Service authentication says of you is not about this app and a user of its directory.',
  TokensNotSetUp:
    'This app takes no tokens yet: set KEYTURN_TENANT_ID and KEYTURN_API_CLIENT_ID, or turn on App Service authentication.',
  TokenMalformed: 'That is no access token of Entra ID.',
  TokenAlgorithmNotAllowed: 'The token is not signed with RS256.',
  TokenKeyUnknown: 'The token is signed with a key that the directory does not have.',
  TokenSignatureInvalid: 'The signature of the token is wrong.',
  TokenExpired: 'The token has expired; sign in again.',
  TokenNotYetValid: 'The token is not valid yet.',
  TokenIssuerInvalid: 'The token is of another directory than KEYTURN_TENANT_ID.',
  TokenAudienceInvalid: 'The token is for another app than KEYTURN_API_CLIENT_ID.',
  TokenNotForAccess: 'That is an ID token; send an access token for api://{client ID}.',
};

export type Authorized = { readonly caller: Caller } | { readonly refusal: HttpResponseInit };

/** Lets pass who may do this; a function key alone is nobody. */
export async function authorize(
  identify: Identify,
  request: HttpRequest,
  act: Act,
): Promise<Authorized> {
  const identified = await identify(request);
  switch (identified.kind) {
    case 'caller': {
      const objection = objectionToCaller(identified.caller, act);
      return objection === null
        ? identified
        : { refusal: forbidden(objection, identified.caller, act) };
    }
    case 'refused': {
      const { code } = identified;
      return { refusal: unauthorized(code, FAULTS[code]) };
    }
    case 'unavailable': {
      const message =
        "The directory's signing keys cannot be read now, so no token can be checked.";
      const refusal = armError(503, 'SigningKeysUnavailable', message);
      return { refusal: { ...refusal, headers: { 'Retry-After': '60' } } };
    }
    default: {
      const message = `A function key alone reads, dry-runs and stops; send a token with the role ${ROLES[act]} besides.`;
      return { refusal: unauthorized('PersonRequired', message) };
    }
  }
}

function unauthorized(code: string, message: string): HttpResponseInit {
  return { ...armError(401, code, message), headers: { 'WWW-Authenticate': 'Bearer' } };
}

function forbidden(
  objection: 'role-missing' | 'no-person',
  { person }: Caller,
  act: Act,
): HttpResponseInit {
  return objection === 'role-missing'
    ? armError(403, 'RoleMissing', `${person.name} does not have the app role ${ROLES[act]}.`)
    : armError(403, 'NotAPerson', `${person.name} is an application; only people approve.`);
}
