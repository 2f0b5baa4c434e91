import { answer } from '../arm/answer.ts';
import { withGroup } from '../arm/resource-id.ts';
import { type Route, route } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import { listRoutes } from '../resources/read-routes.ts';
import { VAULT_TYPE, type Vault } from './vault.ts';
import { badVault } from './vault-settings.ts';
import type { VaultCall, VaultStore } from './vault-store.ts';

const VAULT =
  '/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.KeyVault/vaults/:vault';

/** Key vaults in the resource manager. Source: REST reference, Key Vault, Vaults; recorded bodies. */
export function vaultRoutes(vaults: Collection<Vault>, store: VaultStore): readonly Route[] {
  const write = { operationName: `${VAULT_TYPE}/write` };
  const show = (vault: Vault, { params }: VaultCall) => {
    const body = vault.body();
    return answer(200, { ...body, id: withGroup(body.id, params.group) });
  };
  return [
    route('GET', VAULT, (call) => show(vaults.require(call.params, call.params.vault), call)),
    ...listRoutes(vaults),
    // 200 for a new one too, which ends by its `provisioningState`: recorded.
    route('PUT', VAULT, (call) => show(store.put(call), call), write),
    route('PATCH', VAULT, (call) => show(store.patch(call), call), write),
    route('DELETE', VAULT, (call) => answer(store.remove(call) ? 200 : 204), {
      operationName: `${VAULT_TYPE}/delete`,
    }),
    route(
      'PUT',
      `${VAULT}/accessPolicies/:change`,
      (call) => {
        const change = call.params.change.toLowerCase();
        if (change !== 'add' && change !== 'replace' && change !== 'remove') {
          throw badVault(`An invalid value was provided for 'operationKind'.`);
        }
        const vault = store.changePolicies(call, change);
        const { accessPolicies } = vault.settings;
        return answer(200, {
          id: `${withGroup(vault.id, call.params.group)}/accessPolicies/`,
          name: change,
          type: `${VAULT_TYPE}/accessPolicies`,
          properties: { accessPolicies },
        });
      },
      { operationName: `${VAULT_TYPE}/accessPolicies/write` },
    ),
  ];
}
