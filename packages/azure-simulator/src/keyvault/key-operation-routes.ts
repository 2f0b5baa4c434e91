import { ArmError } from '../arm/arm-error.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import { USES_OF_KEYS } from './key-operations.ts';
import type { KeyPermission } from './key-rights.ts';
import type { KeyStore } from './key-store.ts';
import type { VaultOf } from './vault-access.ts';

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
