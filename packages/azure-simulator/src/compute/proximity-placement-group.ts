import { upperGroup } from '../arm/resource-id.ts';
import type { ResourceBody } from '../resources/resource.ts';
import type { Tags } from '../resources/tags.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';
import type { Vm } from './vm.ts';

export const PLACEMENT_GROUP_TYPE = 'Microsoft.Compute/proximityPlacementGroups';

interface ProximityPlacementGroupSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
}

/** Machines that Azure keeps close. Source: REST reference, Proximity Placement Groups – Get. */
export class ProximityPlacementGroup extends TrackedResource<ProximityPlacementGroupSpec> {
  readonly type = PLACEMENT_GROUP_TYPE;
  readonly #members: () => readonly Vm[];

  constructor(spec: ProximityPlacementGroupSpec, members: () => readonly Vm[], tags?: Tags) {
    super(spec, tags);
    this.#members = members;
  }

  get members(): readonly Vm[] {
    return this.#members();
  }

  body(): ResourceBody {
    return {
      ...this.head(),
      properties: {
        proximityPlacementGroupType: 'Standard',
        virtualMachines: this.members.map(({ id }) => ({ id: upperGroup(id) })),
      },
    };
  }
}
