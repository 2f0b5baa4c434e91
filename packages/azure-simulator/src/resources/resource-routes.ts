import { answer } from '../arm/answer.ts';
import { startsWithId } from '../arm/resource-id.ts';
import { type Route, route } from '../arm/route.ts';
import { azureTime } from '../arm/time.ts';
import { resourceFilter } from './generic-filter.ts';
import type { Inventory } from './inventory.ts';
import type { ResourceRecord } from './resource.ts';

const SUBSCRIPTION = '/subscriptions/:subscription';
const GROUP = `${SUBSCRIPTION}/resourceGroups/:group` as const;

/** Resources of all types. Source: REST reference, Resources – List. */
export function resourceRoutes(inventory: Inventory): readonly Route[] {
  return [
    route('GET', `${SUBSCRIPTION}/resources`, ({ params, query }) => {
      inventory.requireSubscription(params.subscription);
      const scope = `/subscriptions/${params.subscription}`;
      return answer(200, { value: generic(below(inventory, scope), query) });
    }),
    route('GET', `${GROUP}/resources`, ({ params, query }) => {
      inventory.requireGroup(params);
      const scope = `/subscriptions/${params.subscription}/resourceGroups/${params.group}`;
      return answer(200, { value: generic(below(inventory, scope), query) });
    }),
  ];
}

function below(inventory: Inventory, scope: string): readonly ResourceRecord[] {
  return inventory.all().filter(({ id }) => startsWithId(id, scope));
}

/** Neither properties nor zones; three facts more where they are asked for. */
function generic(resources: readonly ResourceRecord[], query: URLSearchParams): readonly object[] {
  const expanded = new Set((query.get('$expand') ?? '').split(','));
  return resources.filter(resourceFilter(query.get('$filter'))).map((it) => {
    const { id, name, type, location, tags, managedBy, sku, identity, properties } = it.body();
    const { timeCreated, provisioningState } = properties;
    const createdTime = timeCreated ?? azureTime(0);
    return {
      id,
      name,
      type,
      ...(sku ? { sku } : {}),
      ...(managedBy ? { managedBy } : {}),
      location,
      ...(identity ? { identity } : {}),
      ...(tags ? { tags } : {}),
      ...(expanded.has('createdTime') ? { createdTime } : {}),
      ...(expanded.has('changedTime') ? { changedTime: createdTime } : {}),
      ...(expanded.has('provisioningState') ? { provisioningState } : {}),
    };
  });
}
