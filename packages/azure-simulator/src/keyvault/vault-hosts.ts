import { vaultHeaders } from '../arm/headers.ts';
import type { Route } from '../arm/route.ts';
import type { RoleStore } from '../authorization/role-store.ts';
import type { Host } from '../gateway.ts';
import { judgeToken } from '../identity/judge-token.ts';
import type { Random } from '../random.ts';
import { readRoutes } from '../resources/read-routes.ts';
import { armKeyRoutes } from './arm-key-routes.ts';
import { deletedVaultRoutes } from './deleted-vault-routes.ts';
import { keyRoutes } from './key-routes.ts';
import type { KeyVault } from './key-vault.ts';
import type { KeyVaults } from './key-vaults.ts';
import { missingVaultToken, vaultTokenError } from './token-errors.ts';
import { VAULT_PAGING } from './vault-paging.ts';
import { refuseBadVaultRequest } from './vault-request-rules.ts';
import { vaultRoutes } from './vault-routes.ts';

interface Surroundings extends KeyVaults {
  readonly tenantId: string;
  readonly roles: RoleStore;
  readonly hsmRoles: RoleStore;
  readonly random: Random;
  readonly speed: number;
}

/** Vaults and managed HSMs behind their own host names, each with an audience of tokens. */
export function vaultHosts(around: Surroundings): readonly Host[] {
  const routes = keyRoutes(around);
  return [
    vaultHost(around, routes, { kind: 'vault', audience: 'https://vault.azure.net' }),
    vaultHost(around, routes, { kind: 'hsm', audience: 'https://managedhsm.azure.net' }),
  ];
}

/** What the resource manager answers about them. */
export function keyVaultRoutes({
  vaults,
  hsms,
  vaultStore,
  speed,
}: Surroundings): readonly Route[] {
  return [
    ...vaultRoutes(vaults, vaultStore),
    ...deletedVaultRoutes(vaultStore, speed),
    ...armKeyRoutes(vaults),
    ...readRoutes(hsms),
  ];
}

function vaultHost(
  { keys, tenantId }: Surroundings,
  routes: readonly Route[],
  { kind, audience }: { readonly kind: KeyVault['kind']; readonly audience: string },
): Host {
  const vaults = { audience, tenantId };
  return {
    // One that does not exist has no host name either.
    serves: ({ hostname }) => keys.findHost(hostname)?.kind === kind,
    isResourceManager: false,
    judgeCaller: (authorization) => {
      if (authorization === undefined) return missingVaultToken(vaults);
      const expected = { audiences: [audience], tenantId, now: Date.now() };
      const fault = judgeToken(authorization, expected);
      return fault && vaultTokenError(fault, vaults);
    },
    refuseBadRequest: refuseBadVaultRequest,
    headers: vaultHeaders,
    paging: VAULT_PAGING,
    routes,
  };
}
