import type { Route } from '../arm/route.ts';
import { readRoutes } from '../resources/read-routes.ts';
import type { World } from '../world.ts';

/**
 * Network interfaces and public addresses, to read.
 *
 * Source: REST reference, Network Interfaces – List, Get; Public IP Addresses – List, Get.
 */
export function networkRoutes({
  networkInterfaces,
  publicAddresses,
}: Pick<World, 'networkInterfaces' | 'publicAddresses'>): readonly Route[] {
  return [...readRoutes(networkInterfaces), ...readRoutes(publicAddresses)];
}
