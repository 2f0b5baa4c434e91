import { parseResourceId, subscriptionScope } from '../arm/resource-id.ts';
import type { Caller } from '../arm/route.ts';
import type { RoleStore } from '../authorization/role-store.ts';
import type { ManagementGroups } from '../management/management-groups.ts';
import { backupJobBody } from '../recovery/backup-job.ts';
import type { RecoveryVault } from '../recovery/recovery-vault.ts';
import { replicatedItemBody } from '../recovery/replicated-item.ts';
import type { Collection, Inventory } from '../resources/inventory.ts';
import type { ResourceBody } from '../resources/resource.ts';
import type { GraphLag } from './graph-lag.ts';
import type { Tables } from './kql.ts';
import type { Row } from './kql-expressions.ts';

export interface GraphedWorld {
  readonly inventory: Inventory;
  readonly tenantId: string;
  readonly roles: RoleStore;
  readonly graphLag: GraphLag;
  readonly recoveryVaults: Collection<RecoveryVault>;
  readonly managementGroups: ManagementGroups;
}

/**
 * What a caller may query. Resources are behind by the lag; subscriptions, groups and jobs are up
 * to date here, which the real ones are not.
 *
 * Source: "Azure Resource Graph table and resource type reference".
 */
export function graphTables(
  { inventory, tenantId, roles, graphLag, recoveryVaults, managementGroups }: GraphedWorld,
  { objectId }: Caller,
): Tables {
  const readable = () => mayRead(roles, objectId);
  return {
    resources: () =>
      graphLag
        .bodies()
        .filter(readable())
        .map((body) => rowOf(body, tenantId)),
    resourcecontainers: () => containers({ inventory, tenantId, managementGroups }, readable()),
    recoveryservicesresources: () =>
      recoveryVaults
        .list()
        .flatMap(({ id, location, jobs, replicated }) =>
          [
            ...jobs.map((job) => backupJobBody(id, job)),
            ...replicated.map((item) => replicatedItemBody(id, item)),
          ].map((body) => ({ location, ...body })),
        )
        .filter(readable())
        .map((body) => rowOf(body, tenantId)),
  };
}

/** What the caller may read: all of a type where a role says so for its subscription. */
function mayRead(
  roles: RoleStore,
  principalId: string,
): (it: { readonly id: string; readonly type: string }) => boolean {
  const everywhere = new Map<string, boolean>();
  return ({ type, id }) => {
    const subscription = subscriptionScope(id);
    const key = `${subscription} ${type}`;
    const known = everywhere.get(key) ?? roles.allows(principalId, `${type}/read`, subscription);
    everywhere.set(key, known);
    return known || roles.allows(principalId, `${type}/read`, id);
  };
}

/** Type in small letters, every column there, `null` where a resource has nothing to say. */
function rowOf(body: ResourceBody, tenantId: string): Row {
  const { id, name, type, location, tags, zones, managedBy, sku, identity, properties } = body;
  const { subscription, group } = parseResourceId(id) ?? { subscription: '', group: '' };
  return {
    id,
    name,
    type: type.toLowerCase(),
    tenantId,
    kind: '',
    location,
    resourceGroup: group.toLowerCase(),
    subscriptionId: subscription,
    managedBy: managedBy ?? '',
    sku: sku ?? null,
    plan: null,
    properties,
    tags: tags ?? null,
    identity: identity ?? null,
    zones: zones ?? null,
    extendedLocation: null,
  };
}

/** Source: Resource Graph's sample queries for `managementGroupAncestorsChain`, the nearest first. */
function containers(
  {
    inventory,
    tenantId,
    managementGroups,
  }: Pick<GraphedWorld, 'inventory' | 'tenantId' | 'managementGroups'>,
  mayRead: (it: { readonly id: string; readonly type: string }) => boolean,
) {
  const groups = inventory.groups().map(({ subscription, name, location, managedBy, tags }) => ({
    id: `/subscriptions/${subscription}/resourceGroups/${name}`,
    name,
    type: 'microsoft.resources/subscriptions/resourcegroups',
    tenantId,
    kind: '',
    location,
    resourceGroup: name.toLowerCase(),
    subscriptionId: subscription,
    managedBy: managedBy ?? '',
    properties: { provisioningState: 'Succeeded' },
    tags: tags ?? null,
  }));
  const subscriptions = inventory.subscriptions().map(({ id, name, state = 'Enabled', tags }) => ({
    id: `/subscriptions/${id}`,
    name,
    type: 'microsoft.resources/subscriptions',
    tenantId,
    kind: '',
    location: '',
    resourceGroup: '',
    subscriptionId: id,
    managedBy: '',
    properties: {
      managementGroupAncestorsChain: managementGroups
        .above(`/subscriptions/${id}`)
        .map((group) => ({ displayName: group.displayName, name: group.name })),
      state,
    },
    tags: tags ?? null,
  }));
  return [...subscriptions, ...groups].filter(mayRead);
}
