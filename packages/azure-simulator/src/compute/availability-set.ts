import { upperGroup } from '../arm/resource-id.ts';
import type { ResourceBody } from '../resources/resource.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';
import type { Vm } from './vm.ts';

export const AVAILABILITY_SET_TYPE = 'Microsoft.Compute/availabilitySets';

interface AvailabilitySetSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
}

/** Machines that Azure keeps apart. Source: REST reference, Availability Sets – Get. */
export class AvailabilitySet extends TrackedResource<AvailabilitySetSpec> {
  readonly type = AVAILABILITY_SET_TYPE;
  readonly #vms: Vm[] = [];

  add(vm: Vm): void {
    this.#vms.push(vm);
  }

  body(): ResourceBody {
    const members = this.#vms.filter(({ phase }) => phase !== 'Deleting');
    return {
      ...this.head(),
      sku: { name: 'Aligned' },
      properties: {
        platformUpdateDomainCount: 5,
        platformFaultDomainCount: 2,
        virtualMachines: members.map(({ id }) => ({ id: upperGroup(id) })),
      },
    };
  }
}
