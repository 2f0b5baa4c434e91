import { answer } from '../arm/answer.ts';
import { Listing } from '../arm/listing.ts';
import { upperGroup } from '../arm/resource-id.ts';
import { type Route, route } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import { DISK_TYPE, type Disk } from './disk.ts';
import { bodyAt, type DiskCall, show } from './disk-bodies.ts';
import type { DiskStore } from './disk-store.ts';
import { DISK_RATES } from './rate-policies.ts';

const SUBSCRIPTION = '/subscriptions/:subscription';
const DISKS = `${SUBSCRIPTION}/resourceGroups/:group/providers/Microsoft.Compute/disks` as const;
const DISK = `${DISKS}/:disk` as const;

/** Managed disks. Source: REST reference, Compute, Disks; recorded bodies and headers. */
export function diskRoutes(disks: Collection<Disk>, store: DiskStore): readonly Route[] {
  const find = ({ params }: DiskCall): Disk => disks.require(params, params.disk);
  const write = { operationName: `${DISK_TYPE}/write`, rate: DISK_RATES.write };
  return [
    route('GET', DISK, (call) => answer(200, show(find(call), call)), { rate: DISK_RATES.get }),
    route(
      'GET',
      `${SUBSCRIPTION}/providers/Microsoft.Compute/disks`,
      ({ params, apiVersion }) => {
        disks.inventory.requireSubscription(params.subscription);
        const value = new Listing(disks.list(params), (disk) => {
          const body = bodyAt(disk, apiVersion);
          return { ...body, id: upperGroup(body.id) };
        });
        return answer(200, { value });
      },
      { rate: DISK_RATES.list },
    ),
    route(
      'GET',
      DISKS,
      ({ params, apiVersion }) => {
        disks.inventory.requireGroup(params);
        const value = new Listing(disks.list(params), (disk) => bodyAt(disk, apiVersion));
        return answer(200, { value });
      },
      { rate: DISK_RATES.list },
    ),
    route('PATCH', DISK, (call) => store.update(find(call), call), write),
    route(
      'PUT',
      DISK,
      (call) => {
        disks.inventory.requireGroup(call.params);
        const disk = disks.find(disks.idOf(call.params, call.params.disk));
        return disk ? store.update(disk, call) : store.create(call);
      },
      write,
    ),
    route('DELETE', DISK, (call) => store.delete(call), {
      operationName: `${DISK_TYPE}/delete`,
      rate: DISK_RATES.delete,
    }),
    route('POST', `${DISK}/beginGetAccess`, (call) => store.beginGetAccess(find(call), call), {
      operationName: `${DISK_TYPE}/beginGetAccess/action`,
      rate: DISK_RATES.access,
    }),
    route('POST', `${DISK}/endGetAccess`, (call) => store.endGetAccess(find(call), call), {
      operationName: `${DISK_TYPE}/endGetAccess/action`,
      rate: DISK_RATES.access,
    }),
  ];
}
