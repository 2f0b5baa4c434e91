import { answer } from '../arm/answer.ts';
import { withGroup } from '../arm/resource-id.ts';
import { type Route, route } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import type { ManagedHsm } from './managed-hsm.ts';

const SUBSCRIPTION = '/subscriptions/:subscription';
const HSMS =
  `${SUBSCRIPTION}/resourceGroups/:group/providers/Microsoft.KeyVault/managedHSMs` as const;

/** Managed HSMs, to read. Source: REST reference, Key Vault, Managed Hsms. */
export function hsmRoutes(hsms: Collection<ManagedHsm>): readonly Route[] {
  return [
    route('GET', `${HSMS}/:hsm`, ({ params }) => {
      const body = hsms.require(params, params.hsm).body();
      return answer(200, { ...body, id: withGroup(body.id, params.group) });
    }),
    route('GET', HSMS, ({ params }) => {
      hsms.inventory.requireGroup(params);
      return answer(200, { value: hsms.list(params).map((hsm) => hsm.body()) });
    }),
    route('GET', `${SUBSCRIPTION}/providers/Microsoft.KeyVault/managedHSMs`, ({ params }) => {
      hsms.inventory.requireSubscription(params.subscription);
      return answer(200, { value: hsms.list(params).map((hsm) => hsm.body()) });
    }),
  ];
}
