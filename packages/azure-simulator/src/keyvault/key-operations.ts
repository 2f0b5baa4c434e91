import { ArmError } from '../arm/arm-error.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import { isObject, objectAt } from '../resources/json.ts';
import { type KeyPermission, USES_OF_KEYS } from './key-rights.ts';
import type { KeyStore } from './key-store.ts';
import type { VaultOf } from './vault-access.ts';
import { badParameter } from './vault-request-rules.ts';

/** What an RSA key may be used for unless it is said. Source: recorded keys. */
export const ALL_OPERATIONS: readonly string[] = USES_OF_KEYS;

/** Source: REST reference, Create Key, JsonWebKeyOperation. */
const KNOWN_OPERATIONS = [...ALL_OPERATIONS, 'import'];

/** What disk encryption asks of a key. Source: "Key Vault Crypto Service Encryption User". */
const FOR_DISKS = ['wrapKey', 'unwrapKey'];

export function servesDisks({ operations }: { readonly operations: readonly string[] }): boolean {
  return FOR_DISKS.every((it) => operations.includes(it));
}

/**
 * What a request says that a key may be used for; `undefined` when it says nothing.
 *
 * @throws ArmError 400 for a word that is none, whose text is assumed; 501 for keys that are exported.
 */
export function operationsIn(body: unknown): readonly string[] | undefined {
  const asked = isObject(body) ? (body['key_ops'] ?? undefined) : undefined;
  const exportable = objectAt(body, 'attributes')['exportable'];
  if (exportable === true || (isObject(body) && body['release_policy'])) throw notExported();
  if (asked === undefined) return undefined;
  if (!Array.isArray(asked)) throw badParameter('Property key_ops has invalid value\n');
  const known = asked.map((it) => {
    if (it === 'export') throw notExported();
    const found = KNOWN_OPERATIONS.find((one) => one === it);
    if (found === undefined) throw badParameter('Property key_ops has invalid value\n');
    return found;
  });
  return [...new Set(known)];
}

/** Uses of a key: one that it is not for is refused, the others would need its secret half. */
export function keyOperationRoutes(keys: KeyStore, vaultOf: VaultOf): readonly Route[] {
  const use = (operation: KeyPermission) => (call: Call<'key' | 'version'>) => {
    const vault = vaultOf(call, operation);
    const { key, version } = call.params;
    const found = keys.requireKey(vault, key, version);
    if (!found.version.operations.includes(operation)) throw forbidden(operation);
    throw notComputed(operation);
  };
  return USES_OF_KEYS.flatMap((operation) => [
    route('POST', `/keys/:key/:version/${operation}`, use(operation) as Route['handle']),
    route('POST', `/keys/:key/${operation}`, use(operation) as Route['handle']),
  ]);
}

/** Source: public reports, with their bodies. */
function forbidden(operation: string): ArmError {
  return new ArmError(403, 'Forbidden', `Operation ${operation} is not permitted on this key.`, {
    innererror: { code: 'KeyOperationForbidden' },
  });
}

function notComputed(operation: string): ArmError {
  return new ArmError(
    501,
    'NotSimulated',
    `The simulated Key Vault does not carry out ${operation}.`,
  );
}

function notExported(): ArmError {
  return new ArmError(
    501,
    'NotSimulated',
    'The simulated Key Vault has no keys that are exported.',
  );
}
