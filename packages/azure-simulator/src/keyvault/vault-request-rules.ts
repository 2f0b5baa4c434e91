import type { Incoming } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { isObject } from '../resources/json.ts';

/** Source: REST reference, Key Vault; folders of the public API specifications. */
const VERSIONS =
  '2015-06-01 2016-10-01 7.0-preview 7.0 7.1-preview 7.1 7.2-preview 7.2 7.3-preview 7.3 7.4-preview.1 7.4 7.5-preview.1 7.5 7.6-preview.1 7.6-preview.2 7.6 2025-06-01-preview 2025-07-01'.split(
    ' ',
  );
/** Source: REST reference, Create Key, pattern of the name. */
const KEY_NAME = /^[0-9a-zA-Z-]{1,127}$/;
/** Assumed: no limit is documented. */
const MAX_BODY_BYTES = 2 ** 20;

/**
 * Refuses what a vault refuses whatever it holds.
 *
 * Source: recorded answers for a name and for a body; a public report of an unknown version, that
 * of a missing one is assumed.
 *
 * @throws ArmError 400 or 413
 */
export function refuseBadVaultRequest({ url, body, bodyBytes = 0 }: Incoming): void {
  const version = url.searchParams.get('api-version');
  if (!version) throw badParameter('api-version must be specified');
  if (!VERSIONS.includes(version.toLowerCase())) {
    throw badParameter(
      `The specified version (${version}) is not recognized. Consider using the latest supported version (${VERSIONS.at(-1)}).`,
    );
  }
  const [, kind, name] = url.pathname.split('/').map(decodeURIComponent);
  if (name !== undefined && name !== '' && kind !== 'rng' && !KEY_NAME.test(name)) {
    throw badParameter(`The request URI contains an invalid name: ${name}`);
  }
  if (bodyBytes > MAX_BODY_BYTES) {
    throw new ArmError(413, 'RequestTooLarge', 'The request body is too large.');
  }
  if (body !== undefined && !isObject(body)) throw badParameter('Property  has invalid value\n');
}

/** What a vault says to a value that it cannot take. */
export function badParameter(message: string): ArmError {
  return new ArmError(400, 'BadParameter', message);
}
