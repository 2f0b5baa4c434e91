import { answer } from '../arm/answer.ts';
import { type Route, route } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import { listRoutes } from '../resources/read-routes.ts';
import { VM_RATES } from './rate-policies.ts';
import { RESTORE_TYPE, type RestorePointCollection } from './restore-point.ts';
import type { RestorePointStore } from './restore-point-store.ts';

const COLLECTION =
  '/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.Compute/restorePointCollections/:collection';
const POINT = `${COLLECTION}/restorePoints/:point` as const;

/** Restore point collections and their points. Source: REST reference, Compute. */
export function restorePointRoutes(
  collections: Collection<RestorePointCollection>,
  store: RestorePointStore,
): readonly Route[] {
  return [
    ...listRoutes(collections, { rates: VM_RATES }),
    route(
      'GET',
      COLLECTION,
      ({ params, query }) => {
        const found = collections.require(params, params.collection);
        const expanded = query.get('$expand')?.toLowerCase() === 'restorepoints';
        return answer(200, expanded ? found.expandedBody() : found.body());
      },
      { rate: VM_RATES.get },
    ),
    route('PUT', COLLECTION, (call) => store.putCollection(call), {
      operationName: `${RESTORE_TYPE}/write`,
      rate: VM_RATES.update,
    }),
    route('DELETE', COLLECTION, (call) => store.deleteCollection(call), {
      operationName: `${RESTORE_TYPE}/delete`,
      rate: VM_RATES.delete,
    }),
    route('GET', POINT, (call) => answer(200, store.find(call)), { rate: VM_RATES.get }),
    route('PUT', POINT, (call) => store.take(call), {
      operationName: `${RESTORE_TYPE}/restorePoints/write`,
      rate: VM_RATES.update,
    }),
    route('DELETE', POINT, (call) => store.delete(call), {
      operationName: `${RESTORE_TYPE}/restorePoints/delete`,
      rate: VM_RATES.delete,
    }),
  ];
}
