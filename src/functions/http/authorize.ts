import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import {
  type Act,
  APPROVE_ROLE,
  type Caller,
  CONVERT_ROLE,
  objectionToCaller,
} from '../../domain/people/caller.ts';
import { log } from '../../log.ts';
import type { Identified, Identify } from '../../people/identify.ts';
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

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Lets pass who may do this, and writes down who may not; a function key alone is nobody. */
export async function authorize(
  identify: Identify,
  request: HttpRequest,
  context: InvocationContext,
  act: Act,
): Promise<{ readonly caller: Caller } | { readonly refusal: HttpResponseInit }> {
  const judged = judge(await identify(request), act);
  if ('caller' in judged) return judged;
  const { status, code, message } = judged;
  log(context, 'caller.refused', { act, code });
  return { refusal: { ...armError(status, code, message), headers: HEADERS[status] ?? {} } };
}

const HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'WWW-Authenticate': 'Bearer' },
  503: { 'Retry-After': '60' },
};

function judge(identified: Identified, act: Act): { readonly caller: Caller } | Refusal {
  switch (identified.kind) {
    case 'caller':
      return objection(identified.caller, act) ?? identified;
    case 'refused': {
      const { code } = identified;
      return { status: 401, code, message: FAULTS[code] };
    }
    case 'unavailable':
      return {
        status: 503,
        code: 'SigningKeysUnavailable',
        message: "The directory's signing keys cannot be read now, so no token can be checked.",
      };
    default:
      return {
        status: 401,
        code: 'PersonRequired',
        message: `A function key alone reads, dry-runs and stops; send a token with the role ${ROLES[act]} besides.`,
      };
  }
}

function objection(caller: Caller, act: Act): Refusal | null {
  const { name } = caller.person;
  switch (objectionToCaller(caller, act)) {
    case 'role-missing': {
      const message = `${name} does not have the app role ${ROLES[act]}.`;
      return { status: 403, code: 'RoleMissing', message };
    }
    case 'no-person': {
      const message = `${name} is an application; only people approve.`;
      return { status: 403, code: 'NotAPerson', message };
    }
    default:
      return null;
  }
}
