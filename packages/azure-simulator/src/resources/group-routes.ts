import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import type { Operations } from '../arm/operations.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import { tagFilter } from './generic-filter.ts';
import type { Inventory, ResourceGroup } from './inventory.ts';
import { isObject, textAt } from './json.ts';
import { tagsIn } from './tags.ts';

const SUBSCRIPTION = '/subscriptions/:subscription';
const GROUPS = `${SUBSCRIPTION}/resourceGroups` as const;
const GROUP = `${GROUPS}/:group` as const;
const RESULT = `${SUBSCRIPTION}/operationresults/:operation` as const;
const GROUP_TYPE = 'Microsoft.Resources/subscriptions/resourceGroups';

/** Seconds between looks at a deletion. Source: recorded, the same in every answer. */
const LOOK_AGAIN_S = 15;

type GroupCall = Call<'subscription' | 'group'>;

/** Resource groups. Source: REST reference, Resource Management, Resource Groups. */
export function groupRoutes(inventory: Inventory, operations: Operations): readonly Route[] {
  const write = { operationName: `${GROUP_TYPE}/write` };
  return [
    route('GET', GROUPS, ({ params, query }) => {
      inventory.requireSubscription(params.subscription);
      const wanted = tagFilter(query.get('$filter'));
      return answer(200, {
        value: inventory.groups(params.subscription).filter(wanted).map(groupBody),
      });
    }),
    route('GET', GROUP, ({ params }) => answer(200, groupBody(inventory.requireGroup(params)))),
    route('HEAD', GROUP, ({ params }) => {
      inventory.requireSubscription(params.subscription);
      return answer(inventory.findGroup(params) ? 204 : 404);
    }),
    route('PUT', GROUP, (call) => put(inventory, call), write),
    route(
      'PATCH',
      GROUP,
      ({ params, body }) => {
        const group = inventory.requireGroup(params);
        group.tags = tagsIn(body) ?? group.tags;
        return answer(200, groupBody(group));
      },
      write,
    ),
    route('DELETE', GROUP, (call) => remove(inventory, operations, call), {
      operationName: `${GROUP_TYPE}/delete`,
    }),
    route('GET', RESULT, ({ params, url }) => {
      const operation = operations.find(params.operation);
      if (!operation) {
        throw new ArmError(404, 'NotFound', 'The entity was not found in this Azure location.');
      }
      const { state, error } = operation;
      if (state === 'InProgress') return pending(operations, url);
      // Assumed, as for every operation that fails.
      return error === null ? answer(200) : answer(409, { error });
    }),
  ];
}

function put(inventory: Inventory, { params, body }: GroupCall) {
  const { id: subscription } = inventory.requireSubscription(params.subscription);
  const known = inventory.findGroup(params);
  const location = known?.location ?? textAt(body, 'location');
  if (!location) {
    throw new ArmError(
      400,
      'LocationRequired',
      'The location property is required for this definition.',
    );
  }
  const asked = textAt(body, 'location');
  if (known && asked && asked.toLowerCase() !== known.location.toLowerCase()) {
    throw new ArmError(
      409,
      'InvalidResourceGroupLocation',
      `Invalid resource group location '${asked}'. The Resource group already exists in location '${known.location}'.`,
    );
  }
  const group: ResourceGroup = {
    subscription,
    name: known?.name ?? params.group,
    location,
    managedBy: known?.managedBy ?? textAt(body, 'managedBy'),
    tags: tagsIn(body) ?? (isObject(body) && body['tags'] === null ? undefined : known?.tags),
  };
  inventory.addGroup(group);
  return answer(known ? 200 : 201, groupBody(group));
}

/** 202 without a body; one polling URL, which answers 202 until everything in the group is gone. */
function remove(inventory: Inventory, operations: Operations, call: GroupCall) {
  const { name, location } = inventory.requireGroup(call.params);
  const begun = operations.begin(
    {
      kind: 'group.delete',
      resourceId: `/subscriptions/${call.params.subscription}/resourceGroups/${name}`,
      location,
      folder: 'operations',
      complete: () => inventory.removeGroup(call.params),
    },
    call,
  );
  const url = new URL(
    `/subscriptions/${call.params.subscription}/operationresults/${call.requestId}?api-version=${call.apiVersion}`,
    call.url,
  );
  return { ...begun, ...pending(operations, url) };
}

function pending(operations: Operations, url: URL) {
  return answer(202, undefined, {
    location: url.href,
    ...operations.retryAfter(LOOK_AGAIN_S),
  });
}

function groupBody({ subscription, name, location, managedBy, tags }: ResourceGroup): object {
  return {
    id: `/subscriptions/${subscription}/resourceGroups/${name}`,
    name,
    type: 'Microsoft.Resources/resourceGroups',
    location,
    ...(managedBy ? { managedBy } : {}),
    ...(tags ? { tags } : {}),
    properties: { provisioningState: 'Succeeded' },
  };
}
