import { ArmError } from '../arm/arm-error.ts';
import type { Host } from '../gateway.ts';
import { judgeToken, type TokenFault } from '../identity/judge-token.ts';
import type { ManagedIdentity } from '../identity/tokens.ts';
import type { World } from '../world.ts';
import { directoryRoutes } from './directory-routes.ts';
import { principalsOf } from './principal.ts';

const AUDIENCES = [
  'https://graph.microsoft.com',
  'https://graph.microsoft.com/',
  '00000003-0000-0000-c000-000000000000',
];

/** Microsoft Graph: who is behind the object IDs of role assignments. */
export function directoryHost(world: World, identity: ManagedIdentity): Host {
  const principals = () =>
    principalsOf({ identity, sets: world.sets.list(), assignments: world.roles.assignments });
  return {
    serves: ({ hostname }) => hostname === 'graph.microsoft.com',
    isResourceManager: false,
    judgeCaller: (authorization) => {
      if (authorization === undefined) return unauthorized('Access token is empty.');
      const expected = { audiences: AUDIENCES, tenantId: world.tenantId, now: Date.now() };
      const fault = judgeToken(authorization, expected);
      return fault && unauthorized(said(fault));
    },
    refuseBadRequest: () => {},
    headers: ({ requestId }) => ({
      'content-type':
        'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
      'request-id': requestId,
      'odata-version': '4.0',
    }),
    routes: directoryRoutes(principals),
  };
}

/** Source: public reports of each, 2017–2025. */
function said(fault: TokenFault): string {
  switch (fault.kind) {
    case 'wrong-audience':
      return 'Access token validation failure. Invalid audience.';
    case 'expired':
      return 'Lifetime validation failed, the token is expired.';
    case 'wrong-issuer':
      return 'Access token validation failure.';
    default:
      return 'CompactToken parsing failed with error code: 80049217';
  }
}

function unauthorized(message: string): ArmError {
  return new ArmError(401, 'InvalidAuthenticationToken', message);
}
