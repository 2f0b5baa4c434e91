import { ArmError } from '../arm/arm-error.ts';
import type { TokenFault } from '../identity/judge-token.ts';

interface Vaults {
  /** The audience of tokens for this kind of vault. */
  readonly audience: string;
  readonly tenantId: string;
}

/** The first answer to a caller without a token. Source: recorded. */
export function missingVaultToken(vaults: Vaults): ArmError {
  return unauthorized('AKV10000: Request is missing a Bearer or PoP token.', vaults);
}

/**
 * A vault's answer to a token that is no good.
 *
 * Source: public reports of a wrong audience, a wrong issuer and an expired token (IDX10223); that
 * of a malformed one is assumed after the same pattern.
 */
export function vaultTokenError(fault: TokenFault, vaults: Vaults): ArmError {
  return unauthorized(said(fault, vaults), vaults);
}

function said(fault: TokenFault, { audience, tenantId }: Vaults): string {
  switch (fault.kind) {
    case 'no-bearer':
      return 'AKV10000: Request is missing a Bearer or PoP token.';
    case 'malformed':
      return 'Error validating token: IDX12741';
    case 'wrong-audience':
      return `AKV10022: Invalid audience. Expected ${audience}, found: ${fault.audience}.`;
    case 'wrong-issuer':
      return `AKV10032: Invalid issuer. Expected one of https://sts.windows.net/${tenantId}/, found ${fault.issuer}.`;
    case 'expired':
      return 'Error validating token: IDX10223';
  }
}

function unauthorized(message: string, { audience, tenantId }: Vaults): ArmError {
  return new ArmError(401, 'Unauthorized', message, {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'www-authenticate': `Bearer authorization="https://login.microsoftonline.com/${tenantId}", resource="${audience}"`,
    },
  });
}
