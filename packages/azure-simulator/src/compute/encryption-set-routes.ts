import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import type { Operations } from '../arm/operations.ts';
import { sameId, upperGroup } from '../arm/resource-id.ts';
import { type Route, route } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import type { Disk } from './disk.ts';
import { type EncryptionSet, SET_TYPE } from './encryption-set.ts';
import { type EncryptionSetStore, plan, type SetCall, show } from './encryption-set-store.ts';
import { DISK_RATES } from './rate-policies.ts';

const SUBSCRIPTION = '/subscriptions/:subscription';
const SETS =
  `${SUBSCRIPTION}/resourceGroups/:group/providers/Microsoft.Compute/diskEncryptionSets` as const;
const SET = `${SETS}/:set` as const;

interface Surroundings {
  readonly sets: Collection<EncryptionSet>;
  readonly disks: Collection<Disk>;
  readonly operations: Operations;
  readonly store: EncryptionSetStore;
}

/** Disk encryption sets. Source: REST reference, Compute; recorded bodies 2019–2025. */
export function encryptionSetRoutes(around: Surroundings): readonly Route[] {
  const { sets, disks, operations, store } = around;
  const find = ({ params }: SetCall): EncryptionSet => sets.require(params, params.set);
  const upper = (set: EncryptionSet) => ({ ...set.body(), id: upperGroup(set.id) });
  const write = { operationName: `${SET_TYPE}/write`, rate: DISK_RATES.writeSet };
  return [
    route('GET', SET, (call) => answer(200, show(find(call), call)), { rate: DISK_RATES.get }),
    route(
      'GET',
      `${SUBSCRIPTION}/providers/Microsoft.Compute/diskEncryptionSets`,
      ({ params }) => {
        sets.inventory.requireSubscription(params.subscription);
        return answer(200, { value: sets.list(params).map(upper) });
      },
      { rate: DISK_RATES.list },
    ),
    route(
      'GET',
      SETS,
      ({ params }) => {
        sets.inventory.requireGroup(params);
        return answer(200, { value: sets.list(params).map(upper) });
      },
      { rate: DISK_RATES.list },
    ),
    route(
      'PUT',
      SET,
      (call) => {
        sets.inventory.requireGroup(call.params);
        return store.put(call);
      },
      write,
    ),
    route('PATCH', SET, (call) => store.patch(find(call), call), write),
    route(
      'DELETE',
      SET,
      (call) => {
        sets.inventory.requireGroup(call.params);
        const set = sets.find(sets.idOf(call.params, call.params.set));
        if (!set) return answer(204);
        if (users(set, disks).length > 0) {
          throw new ArmError(
            409,
            'OperationNotAllowed',
            `Disk encryption set ${set.name} is in use and cannot be deleted.`,
          );
        }
        const deletion = plan(set, 'des.create');
        return operations.begin({ ...deletion, complete: () => sets.remove(set.id) }, call);
      },
      { operationName: `${SET_TYPE}/delete`, rate: DISK_RATES.deleteSet },
    ),
    // Plain strings, resource group and name both in capitals: 35 of 35 recorded items.
    route('GET', `${SET}/associatedResources`, (call) => {
      const value = users(find(call), disks).map(({ id, name }) => {
        return upperGroup(id).slice(0, -name.length) + name.toUpperCase();
      });
      return answer(200, { value });
    }),
  ];
}

function users(set: EncryptionSet, disks: Collection<Disk>): readonly Disk[] {
  return disks
    .list()
    .filter(({ encryption }) => sameId(encryption.diskEncryptionSetId ?? '', set.id));
}
