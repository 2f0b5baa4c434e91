import { type Answer, answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { route } from '../arm/route.ts';
import type { Host } from '../gateway.ts';
import type { SigningKey } from './signing-key.ts';

const LOGIN = 'https://login.microsoftonline.com';

/**
 * Entra ID's sign-in, as far as whoever checks tokens asks it: its description and its keys.
 *
 * Nobody signs in here: see `personToken`.
 *
 * Source: "OpenID Connect on the Microsoft identity platform", "Fetch the OpenID configuration
 * document"; "Signing key rollover"; the error of an unknown directory: "Microsoft Entra
 * authentication and authorization error codes", AADSTS90002.
 */
export function loginHost(tenantId: string, key: SigningKey): Host {
  const ofTenant = (asked: string, body: object): Answer => {
    if (asked.toLowerCase() === tenantId) return answer(200, body);
    const message = `AADSTS90002: Tenant '${asked}' not found.`;
    throw new ArmError(400, 'invalid_tenant', message);
  };
  const description = (issuer: string, keys: string) => ({
    token_endpoint: `${LOGIN}/${tenantId}/oauth2/v2.0/token`,
    jwks_uri: `${LOGIN}/${tenantId}/${keys}`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    issuer,
    authorization_endpoint: `${LOGIN}/${tenantId}/oauth2/v2.0/authorize`,
    cloud_instance_name: 'microsoftonline.com',
  });
  const v1 = description(`https://sts.windows.net/${tenantId}/`, 'discovery/keys');
  const v2 = description(`${LOGIN}/${tenantId}/v2.0`, 'discovery/v2.0/keys');
  const keys = () => ({ keys: [key.jwk()] });
  return {
    serves: ({ hostname }) => hostname === 'login.microsoftonline.com',
    isResourceManager: false,
    judgeCaller: () => null,
    refuseBadRequest: () => {},
    headers: () => ({ 'content-type': 'application/json; charset=utf-8' }),
    refusal: ({ status, code, message }) =>
      answer(status, { error: code, error_description: message }),
    routes: [
      route('GET', '/:tenant/.well-known/openid-configuration', ({ params }) =>
        ofTenant(params.tenant, v1),
      ),
      route('GET', '/:tenant/v2.0/.well-known/openid-configuration', ({ params }) =>
        ofTenant(params.tenant, v2),
      ),
      route('GET', '/:tenant/discovery/keys', ({ params }) => ofTenant(params.tenant, keys())),
      route('GET', '/:tenant/discovery/v2.0/keys', ({ params }) => ofTenant(params.tenant, keys())),
    ],
  };
}
