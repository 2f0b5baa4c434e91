import { answer } from '../arm/answer.ts';
import { Listing } from '../arm/listing.ts';
import type { RatePolicy } from '../arm/rate-limits.ts';
import { upperGroup, withGroup } from '../arm/resource-id.ts';
import { type Route, route } from '../arm/route.ts';
import type { Collection } from './inventory.ts';
import type { ResourceRecord } from './resource.ts';

interface ReadOptions {
  readonly rates?: { readonly get: readonly RatePolicy[]; readonly list: readonly RatePolicy[] };
  /** Whether the list of a subscription writes the group in capitals, as Compute's do. */
  readonly upperGroups?: true;
}

/** Stands for the kind in the type of a path, which names its parameters. */
type Kind = '/providers/Namespace/kind';

/** The lists of a kind: in a subscription, and in a group. */
export function listRoutes<T extends ResourceRecord>(
  collection: Collection<T>,
  { rates, upperGroups }: ReadOptions = {},
): readonly Route[] {
  const { inventory } = collection;
  const kind = `/providers/${collection.type}` as Kind;
  const listed = rates ? { rate: rates.list } : {};
  const show = (resource: T) => {
    const body = resource.body();
    return upperGroups ? { ...body, id: upperGroup(body.id) } : body;
  };
  return [
    route(
      'GET',
      `/subscriptions/:subscription${kind}`,
      ({ params }) => {
        inventory.requireSubscription(params.subscription);
        return answer(200, { value: new Listing(collection.list(params), show) });
      },
      listed,
    ),
    route(
      'GET',
      `/subscriptions/:subscription/resourceGroups/:group${kind}`,
      ({ params }) => {
        inventory.requireGroup(params);
        const value = new Listing(collection.list(params), (resource) => resource.body());
        return answer(200, { value });
      },
      listed,
    ),
  ];
}

/** How a kind is read that nobody changes here: by ID, and as the lists of a place. */
export function readRoutes<T extends ResourceRecord>(
  collection: Collection<T>,
  options: ReadOptions = {},
): readonly Route[] {
  const kind = `/providers/${collection.type}` as Kind;
  return [
    ...listRoutes(collection, options),
    route(
      'GET',
      `/subscriptions/:subscription/resourceGroups/:group${kind}/:name`,
      ({ params }) => {
        const body = collection.require(params, params.name).body();
        return answer(200, { ...body, id: withGroup(body.id, params.group) });
      },
      options.rates ? { rate: options.rates.get } : {},
    ),
  ];
}
