import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { sameId } from '../arm/resource-id.ts';
import { type Route, route } from '../arm/route.ts';
import type { RoleStore } from '../authorization/role-store.ts';
import type { Inventory, Subscription } from '../resources/inventory.ts';
import {
  MANAGEMENT_GROUP_TYPE,
  type ManagementGroup,
  type ManagementGroups,
  managementGroupId,
} from './management-groups.ts';

const GROUPS = `/providers/${MANAGEMENT_GROUP_TYPE}` as const;
const GROUP = `${GROUPS}/:group` as const;
const SUBSCRIPTION_TYPE = `${MANAGEMENT_GROUP_TYPE}/subscriptions`;
const READ = `${MANAGEMENT_GROUP_TYPE}/read`;
const MADE_AT = '2020-02-01T00:00:00.0000000Z';

interface Surroundings {
  readonly inventory: Inventory;
  readonly managementGroups: ManagementGroups;
  readonly roles: RoleStore;
  readonly tenantId: string;
}

/** Management groups. Source: REST reference and examples, Management Groups, 2020-05-01 to 2023-04-01. */
export function managementGroupRoutes(around: Surroundings): readonly Route[] {
  const { managementGroups: groups, roles, tenantId } = around;
  const existing = (name: string): ManagementGroup => {
    const found = groups.find(name);
    if (found) return found;
    throw new ArmError(404, 'NotFound', `'${managementGroupId(name)}' not found`);
  };
  return [
    route('GET', GROUPS, ({ caller }) => {
      const mayRead = ({ name }: ManagementGroup) =>
        roles.allows(caller.objectId, READ, managementGroupId(name));
      const value = groups
        .list()
        .filter(mayRead)
        .map((group) => ({
          ...headOf(group),
          properties: { tenantId, displayName: group.displayName },
        }));
      return answer(200, { value });
    }),
    route('GET', GROUP, ({ params, query }) =>
      answer(200, groupBody(existing(params.group), query, around)),
    ),
    route('GET', `${GROUP}/descendants`, ({ params }) =>
      answer(200, { value: descendants(existing(params.group), around) }),
    ),
    route('GET', `${GROUP}/subscriptions`, ({ params }) => {
      const group = existing(params.group);
      const value = subscriptionsIn(group, around).map(({ id, name }) => ({
        name: id,
        id: `${managementGroupId(group.name)}/subscriptions/${id}`,
        type: SUBSCRIPTION_TYPE,
        properties: {
          displayName: name,
          parent: { id: managementGroupId(group.name) },
          state: 'Active',
          tenant: tenantId,
        },
      }));
      return answer(200, { value });
    }),
  ];
}

function headOf({ name }: ManagementGroup) {
  return { id: managementGroupId(name), type: MANAGEMENT_GROUP_TYPE, name };
}

function subscriptionsIn(
  { name }: ManagementGroup,
  { inventory, managementGroups }: Surroundings,
): readonly Subscription[] {
  return inventory
    .subscriptions()
    .filter(({ id }) => sameId(managementGroups.groupOf(id).name, name));
}

function groupBody(group: ManagementGroup, query: URLSearchParams, around: Surroundings): object {
  const { managementGroups: groups, tenantId } = around;
  const above = groups.above(managementGroupId(group.name));
  const [parent] = above;
  const expand = (query.get('$expand') ?? '').toLowerCase().split(',');
  const recurse = query.get('$recurse') === 'true';
  const shortOf = ({ name, displayName }: ManagementGroup) => ({ name, displayName });
  return {
    ...headOf(group),
    properties: {
      tenantId,
      displayName: group.displayName,
      details: {
        version: 1,
        updatedTime: MADE_AT,
        updatedBy: tenantId,
        ...(parent ? { parent: { id: managementGroupId(parent.name), ...shortOf(parent) } } : {}),
        ...(expand.includes('path') ? { path: above.toReversed().map(shortOf) } : {}),
        ...(expand.includes('ancestors')
          ? {
              managementGroupAncestors: above.map(({ name }) => name),
              managementGroupAncestorsChain: above.map(shortOf),
            }
          : {}),
      },
      ...(expand.includes('children') ? { children: childrenOf(group, recurse, around) } : {}),
    },
  };
}

/** `null` where there is nothing below, as in a list that was asked for. */
function childrenOf(
  group: ManagementGroup,
  recurse: boolean,
  around: Surroundings,
): readonly object[] | null {
  const groups = around.managementGroups.below(group.name).map((child) => {
    const children = recurse ? childrenOf(child, recurse, around) : null;
    return {
      ...headOf(child),
      displayName: child.displayName,
      ...(children ? { children } : {}),
    };
  });
  const subscriptions = subscriptionsIn(group, around).map(({ id, name }) => ({
    id: `/subscriptions/${id}`,
    type: '/subscriptions',
    name: id,
    displayName: name,
  }));
  const all = [...groups, ...subscriptions];
  return all.length > 0 ? all : null;
}

/** All groups and subscriptions below, each with the group that it lies in. */
function descendants(group: ManagementGroup, around: Surroundings): readonly object[] {
  const parent = { id: managementGroupId(group.name) };
  const groups = around.managementGroups.below(group.name);
  return [
    ...groups.map((child) => ({
      ...headOf(child),
      properties: { displayName: child.displayName, parent },
    })),
    ...subscriptionsIn(group, around).map(({ id, name }) => ({
      name: id,
      type: SUBSCRIPTION_TYPE,
      id: `/subscriptions/${id}`,
      properties: { displayName: name, parent },
    })),
    ...groups.flatMap((child) => descendants(child, around)),
  ];
}
