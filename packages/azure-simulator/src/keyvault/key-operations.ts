import { ArmError } from '../arm/arm-error.ts';
import { isObject, objectAt } from '../resources/json.ts';
import { badParameter } from './vault-request-rules.ts';

/** Uses of a key, in the words of `key_ops`; access policies have the same ones. */
export const USES_OF_KEYS = [
  'encrypt',
  'decrypt',
  'sign',
  'verify',
  'wrapKey',
  'unwrapKey',
] as const;

/** Source: REST reference, Create Key, JsonWebKeyOperation. */
const KNOWN_OPERATIONS = [...USES_OF_KEYS, 'import'];

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

function notExported(): ArmError {
  return new ArmError(
    501,
    'NotSimulated',
    'The simulated Key Vault has no keys that are exported.',
  );
}
