import { answer } from '../arm/answer.ts';
import { type Route, route } from '../arm/route.ts';
import type { Inventory } from '../resources/inventory.ts';

/** Resource Graph. Source: REST reference, Resource Graph, Resources. */
export function graphRoutes(_inventory: Inventory): readonly Route[] {
  return [route('POST', '/providers/Microsoft.ResourceGraph/resources', () => answer(501))];
}
