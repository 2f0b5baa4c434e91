import type { TokenFault } from '../identity/judge-token.ts';
import { ArmError } from './arm-error.ts';

/** Whom a token for the resource manager is for. Source: text of the refusal of any other one. */
export const ARM_AUDIENCES = [
  'https://management.core.windows.net/',
  'https://management.core.windows.net',
  'https://management.azure.com/',
  'https://management.azure.com',
] as const;

/** Source: recorded answers of the gateway to a call without a token. */
export function notAuthenticated(tenantId: string): ArmError {
  return unauthorized(
    tenantId,
    'AuthenticationFailed',
    "Authentication failed. The 'Authorization' header is missing.",
    "The authentication failed because of missing 'Authorization' header.",
  );
}

/**
 * The resource manager's answer to a token that is no good.
 *
 * Source: public reports of each, 2016–2026, but for that of another scheme than Bearer: assumed.
 */
export function armTokenError(fault: TokenFault, tenantId: string, now: number): ArmError {
  const [code, message] = said(fault, tenantId, now);
  return unauthorized(tenantId, code, message, message);
}

function unauthorized(
  tenantId: string,
  code: string,
  message: string,
  description: string,
): ArmError {
  const challenge = `Bearer authorization_uri="https://login.microsoftonline.com/${tenantId}", error="invalid_token", error_description="${description}"`;
  return new ArmError(401, code, message, {
    headers: { 'x-ms-failure-cause': 'gateway', 'www-authenticate': challenge },
  });
}

function said(fault: TokenFault, tenantId: string, now: number): [code: string, message: string] {
  switch (fault.kind) {
    case 'no-bearer':
      return [
        'AuthenticationFailedInvalidHeader',
        "Authentication failed. The 'Authorization' header is provided in an invalid format.",
      ];
    case 'malformed':
      return ['InvalidAuthenticationToken', 'The access token is invalid.'];
    case 'wrong-audience':
      return [
        'InvalidAuthenticationTokenAudience',
        `The access token has been obtained for wrong audience or resource '${fault.audience}'. It should exactly match with one of the allowed audiences ${ARM_AUDIENCES.map((it) => `'${it}'`).join(',')}.`,
      ];
    case 'wrong-issuer':
      return [
        'InvalidAuthenticationTokenTenant',
        `The access token is from the wrong issuer '${fault.issuer}'. It must match the tenant 'https://sts.windows.net/${tenantId}/' associated with this subscription. Please use the authority (URL) 'https://login.windows.net/${tenantId}' to get the token. Note, if the subscription is transferred to another tenant there is no impact to the services, but information about new tenant could take time to propagate (up to an hour). If you just transferred your subscription and see this error message, please try back later.`,
      ];
    case 'expired':
      return [
        'ExpiredAuthenticationToken',
        `The access token expiry UTC time '${utc(fault.expiredAt)}' is earlier than current UTC time '${utc(now)}'.`,
      ];
  }
}

/** As an American writes a time: `5/14/2023 1:05:09 PM`. */
function utc(ms: number): string {
  const text = new Date(ms).toLocaleString('en-US', { timeZone: 'UTC' });
  return text.replace(',', '').replace(/\u202f/g, ' ');
}
