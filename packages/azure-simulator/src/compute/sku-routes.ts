import { answer } from '../arm/answer.ts';
import { Listing } from '../arm/listing.ts';
import { type Route, route } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import { odataFilter } from '../resources/odata-filter.ts';
import { VM_RATES } from './rate-policies.ts';
import { type RestrictedSize, restrictionsOf } from './restricted-size.ts';
import { skuBody } from './sku-body.ts';
import type { Vm } from './vm.ts';

/** Sizes that every region offers, whether a machine has them or not. */
const COMMON = [
  'Standard_B2ms',
  'Standard_D2s_v3',
  'Standard_D2s_v5',
  'Standard_D4ds_v5',
  'Standard_D4s_v5',
  'Standard_DC4as_v5',
  'Standard_E16s_v3',
  'Standard_E4ds_v5',
  'Standard_E8s_v3',
  'Standard_F4s_v2',
];
const COMMON_REGIONS = ['westeurope', 'northeurope'];

interface Offer {
  readonly size: string;
  readonly location: string;
}

/**
 * The sizes of virtual machines: the common ones, and those that machines have. Those of disks and
 * of hosts, which the real list has too, are left out.
 *
 * Source: REST reference, Resource Skus – List, api-version 2021-07-01.
 */
export function skuRoutes(
  vms: Collection<Vm>,
  restricted: readonly RestrictedSize[],
): readonly Route[] {
  return [
    route(
      'GET',
      '/subscriptions/:subscription/providers/Microsoft.Compute/skus',
      ({ params, query }) => {
        vms.inventory.requireSubscription(params.subscription);
        const wanted = odataFilter(query.get('$filter'), { location: (it: Offer) => it.location });
        const offers = offersIn(vms.list(params)).filter(wanted);
        const shown = offers.filter(
          (offer) => !restrictionsOf(restricted, offer).some(({ reason }) => reason === 'retired'),
        );
        const show = (offer: Offer) => skuBody(offer, restrictionsOf(restricted, offer));
        return answer(200, { value: new Listing(shown, show) });
      },
      { rate: VM_RATES.list },
    ),
  ];
}

/** Each size once per region, by region and name. */
function offersIn(vms: readonly Vm[]): readonly Offer[] {
  const regions = new Set([...COMMON_REGIONS, ...vms.map(({ location }) => location)]);
  const offers = new Map<string, Offer>();
  const add = (offer: Offer) => offers.set(`${offer.location} ${offer.size}`, offer);
  for (const location of regions) for (const size of COMMON) add({ size, location });
  for (const { size, location } of vms) add({ size, location });
  return [...offers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, offer]) => offer);
}
