import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import { type ManagedIdentity, makeToken } from './tokens.ts';

/**
 * The endpoint at which an app asks for tokens of its managed identity.
 *
 * Source: App Service, "Connect to Azure services … using managed identities", REST endpoint
 * reference; the older form of the same endpoint, with `secret`, is what Azure CLI asks; and the
 * instance metadata service of virtual machines.
 */
export function identityRoutes(identity: ManagedIdentity): readonly Route[] {
  const give = ({ query, body }: Call) => {
    const form = new URLSearchParams(typeof body === 'string' ? body : '');
    const resource = query.get('resource') ?? form.get('resource');
    if (!resource)
      throw new ArmError(400, 'invalid_request', 'Required parameter resource is missing.');
    const { token, expiresOn } = makeToken(identity, resource);
    return answer(200, {
      access_token: token,
      client_id: identity.appId,
      expires_on: String(expiresOn),
      expires_in: '86399',
      ext_expires_in: '86399',
      not_before: String(expiresOn - 86_400),
      resource,
      token_type: 'Bearer',
    });
  };
  return [
    route('GET', '/msi/token', give),
    route('POST', '/msi/token', give),
    route('GET', '/metadata/identity/oauth2/token', give),
  ];
}
