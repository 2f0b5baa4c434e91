import { answer } from '../arm/answer.ts';
import { withGroup } from '../arm/resource-id.ts';
import { type Route, route } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import type { Vault } from './vault.ts';

const SUBSCRIPTION = '/subscriptions/:subscription';
const VAULTS = `${SUBSCRIPTION}/resourceGroups/:group/providers/Microsoft.KeyVault/vaults` as const;

/** Key vaults in the resource manager. Source: REST reference, Key Vault, Vaults. */
export function vaultRoutes(vaults: Collection<Vault>): readonly Route[] {
  return [
    route('GET', `${VAULTS}/:vault`, ({ params }) => {
      const body = vaults.require(params, params.vault).body();
      return answer(200, { ...body, id: withGroup(body.id, params.group) });
    }),
    route('GET', VAULTS, ({ params }) => {
      vaults.inventory.requireGroup(params);
      return answer(200, { value: vaults.list(params).map((vault) => vault.body()) });
    }),
    route('GET', `${SUBSCRIPTION}/providers/Microsoft.KeyVault/vaults`, ({ params }) => {
      vaults.inventory.requireSubscription(params.subscription);
      return answer(200, { value: vaults.list(params).map((vault) => vault.body()) });
    }),
  ];
}
