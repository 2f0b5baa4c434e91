import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { sameId } from '../arm/resource-id.ts';
import { type Route, route } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import { textAt } from '../resources/json.ts';
import { readRoutes } from '../resources/read-routes.ts';
import { tagsIn } from '../resources/tags.ts';
import { PLACEMENT_GROUP_TYPE, ProximityPlacementGroup } from './proximity-placement-group.ts';
import { VM_RATES } from './rate-policies.ts';
import type { Vm } from './vm.ts';

const GROUP =
  '/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.Compute/proximityPlacementGroups/:name' as const;

/**
 * Proximity placement groups, written at once. Source: REST reference, Compute, Proximity Placement
 * Groups. Assumed: the refusal of one that has members.
 */
export function placementGroupRoutes(
  groups: Collection<ProximityPlacementGroup>,
  vms: Collection<Vm>,
): readonly Route[] {
  return [
    ...readRoutes(groups, { rates: VM_RATES, upperGroups: true }),
    route(
      'PUT',
      GROUP,
      ({ params, body }) => {
        groups.inventory.requireGroup(params);
        const id = groups.idOf(params, params.name);
        const known = groups.find(id);
        const location = known?.location ?? textAt(body, 'location');
        if (!location) {
          const message = 'The location property is required for this definition.';
          throw new ArmError(400, 'LocationRequired', message);
        }
        const group = known ?? groups.add(placementGroup({ id, name: params.name, location }, vms));
        group.tags = tagsIn(body) ?? group.tags;
        return answer(known ? 200 : 201, group.body());
      },
      { operationName: `${PLACEMENT_GROUP_TYPE}/write` },
    ),
    route(
      'DELETE',
      GROUP,
      ({ params }) => {
        groups.inventory.requireGroup(params);
        const group = groups.find(groups.idOf(params, params.name));
        if (!group) return answer(204);
        if (group.members.length > 0) {
          const message = `Proximity placement group ${group.name} is in use and cannot be deleted.`;
          throw new ArmError(409, 'OperationNotAllowed', message);
        }
        groups.remove(group.id);
        return answer(200);
      },
      { operationName: `${PLACEMENT_GROUP_TYPE}/delete` },
    ),
  ];
}

export function placementGroup(
  spec: ProximityPlacementGroup['spec'],
  vms: Collection<Vm>,
): ProximityPlacementGroup {
  return new ProximityPlacementGroup(spec, () =>
    vms.list().filter(({ placementGroupId }) => sameId(placementGroupId ?? '', spec.id)),
  );
}
