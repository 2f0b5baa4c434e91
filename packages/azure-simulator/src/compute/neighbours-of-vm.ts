import { ArmError, resourceNotFound } from '../arm/arm-error.ts';
import { parseResourceId, sameId } from '../arm/resource-id.ts';
import { NetworkInterface, privateAddressOf } from '../network/network-interface.ts';
import type { PlatformResources } from '../platform-resources.ts';
import type { Random } from '../random.ts';
import type { Collection } from '../resources/inventory.ts';
import { objectAt, textAt } from '../resources/json.ts';
import type { ResourceRecord } from '../resources/resource.ts';
import type { Vm } from './vm.ts';

export interface Neighbours
  extends Pick<
    PlatformResources,
    'availabilitySets' | 'scaleSets' | 'placementGroups' | 'networkInterfaces'
  > {
  readonly random: Random;
}

interface NamedInterface {
  readonly id: string;
  readonly goesWithMachine: boolean;
}

/**
 * Refuses a machine whose neighbours are not to be had.
 *
 * Source: public reports for the 404; codes and texts are assumed.
 *
 * @throws ArmError 404 for a set that is not there, 400 for an interface of another machine.
 */
export function checkNeighbours(vm: Vm, around: Neighbours): void {
  requireNamed(vm.spec.availabilitySetId, around.availabilitySets);
  requireNamed(vm.spec.scaleSetId, around.scaleSets);
  requireNamed(vm.placementGroupId, around.placementGroups);
  for (const { id } of interfacesNamedBy(vm)) {
    const holder = around.networkInterfaces.find(id)?.vmId;
    if (!holder) continue;
    throw new ArmError(
      400,
      'NicInUse',
      `Network Interface ${id} is used by existing resource ${holder}.`,
    );
  }
}

/**
 * Puts a new machine into its sets, and gives it its interfaces.
 *
 * One that is not there is made: clients make it just before, which is not simulated.
 */
export function joinNeighbours(vm: Vm, around: Neighbours): void {
  const { networkInterfaces, random } = around;
  around.availabilitySets.find(vm.spec.availabilitySetId ?? '')?.add(vm);
  around.scaleSets.find(vm.spec.scaleSetId ?? '')?.add(vm);
  for (const { id } of interfacesNamedBy(vm)) {
    const known = networkInterfaces.find(id);
    if (known) {
      known.vmId = vm.id;
      continue;
    }
    networkInterfaces.add(
      new NetworkInterface({
        id,
        name: parseResourceId(id)?.name ?? '',
        location: vm.location,
        guid: random.guid(),
        vmId: vm.id,
        privateAddress: privateAddressOf(networkInterfaces.size),
        publicAddressId: undefined,
      }),
    );
  }
}

/** What becomes of a machine's interfaces when it goes. Source: "Delete a VM and attached resources". */
export function leaveNeighbours(vm: Vm, { networkInterfaces }: Neighbours): void {
  for (const { id, goesWithMachine } of interfacesNamedBy(vm)) {
    const found = networkInterfaces.find(id);
    if (!found?.vmId || !sameId(found.vmId, vm.id)) continue;
    found.vmId = null;
    if (goesWithMachine) networkInterfaces.remove(id);
  }
}

/** As the request that made the machine named them, or the one of a machine that was always there. */
function interfacesNamedBy(vm: Vm): readonly NamedInterface[] {
  const { networkInterfaces: named = [] } = objectAt(vm.body().properties, 'networkProfile');
  const all: readonly unknown[] = Array.isArray(named) ? named : [];
  return all.flatMap((it) => {
    const id = textAt(it, 'id');
    const { deleteOption } = objectAt(it, 'properties');
    return id ? [{ id, goesWithMachine: deleteOption === 'Delete' }] : [];
  });
}

export function requireNamed(
  id: string | undefined,
  all: Pick<Collection<ResourceRecord>, 'type' | 'find'>,
): void {
  if (id === undefined || all.find(id)) return;
  const { name = id, group = '' } = parseResourceId(id) ?? {};
  throw resourceNotFound(all.type, name, group);
}
