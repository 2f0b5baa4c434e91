import { textAt } from '../resources/json.ts';
import type { Incoming } from './answer.ts';
import { OWN_VERSIONS, versionsOf } from './api-versions.ts';
import { ArmError } from './arm-error.ts';
import { type ArmPath, parseArmPath, typeOf } from './arm-path.ts';
import { refuseBadBody } from './body-rules.ts';
import { refuseBadNames } from './name-rules.ts';

const GATEWAY = { headers: { 'x-ms-failure-cause': 'gateway' } };
const VERSION = /^\d{4}-\d{2}(-\d{2})?(-[a-z]+)?$/i;
const METHODS = new Set(['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE']);

/**
 * Refuses what the resource manager refuses before it asks a provider.
 *
 * @throws ArmError
 */
export function refuseBadRequest(request: Incoming): void {
  const { method, url } = request;
  const path = parseArmPath(url.pathname);
  const version = url.searchParams.get('api-version') ?? '';
  refuseMissingVersion(version);
  refuseBadNames(path, method);
  refuseBadVersion(path, version, request.body);
  refuseBadMethod(path, method, url);
  refuseBadBody(request, path);
}

/** Source: recorded. */
function refuseMissingVersion(version: string): void {
  if (version !== '') return;
  throw new ArmError(
    400,
    'MissingApiVersionParameter',
    'The api-version query parameter (?api-version=) is required for all requests.',
    GATEWAY,
  );
}

/**
 * Source: public reports of both codes. Which location the resource manager names for a call
 * without one is assumed; so is that any well-formed version will do for a type without a list.
 */
function refuseBadVersion(path: ArmPath, version: string, body: unknown): void {
  const type = typeOf(path);
  const supported = type === null ? OWN_VERSIONS : versionsOf(type);
  if (supported ? supported.includes(version.toLowerCase()) : VERSION.test(version)) return;
  if (type === null || !supported) {
    throw new ArmError(
      400,
      'InvalidApiVersionParameter',
      `The api-version '${version}' is invalid. The supported versions are '${OWN_VERSIONS.join(',')}'.`,
      GATEWAY,
    );
  }
  const location = textAt(body, 'location') ?? '*';
  throw new ArmError(
    400,
    'NoRegisteredProviderFound',
    `No registered resource provider found for location '${location}' and API version '${version}' for type '${path.segments[0]}'. The supported api-versions are '${supported.toReversed().join(', ')}'. The supported locations are 'eastus, westus, northeurope, westeurope'.`,
    GATEWAY,
  );
}

/**
 * A resource is no action, and a list cannot be written. Other methods of a path that is known may
 * be Azure's, so they are for the routes to answer.
 *
 * Source: a public report of one provider; that all answer so is assumed.
 */
function refuseBadMethod({ namespace, segments }: ArmPath, method: string, url: URL): void {
  const isNamed = segments.length % 2 === 0;
  const allowed =
    namespace === null || segments.length === 0
      ? METHODS.has(method)
      : isNamed
        ? METHODS.has(method) && method !== 'POST'
        : method === 'GET' || method === 'HEAD' || method === 'POST';
  if (allowed) return;
  throw new ArmError(
    405,
    'MethodNotAllowed',
    `The HTTP method '${method}' is not supported on the resource '${url.origin}${url.pathname}'.`,
    GATEWAY,
  );
}
