import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { type Route, route } from '../arm/route.ts';
import type { Inventory, ResourceGroup } from './inventory.ts';
import { objectAt, textAt } from './json.ts';
import type { ResourceRecord } from './resource.ts';
import { changeTags, type Tags, tagsIn } from './tags.ts';

const SUBSCRIPTION = '/subscriptions/:subscription';
const GROUP = `${SUBSCRIPTION}/resourceGroups/:group` as const;
const TAGS = '/:scope/providers/Microsoft.Resources/tags/default';

export interface Lock {
  readonly scope: string;
  readonly name: string;
  readonly level: 'CanNotDelete' | 'ReadOnly';
}

export interface Subscription {
  readonly displayName: string;
  readonly tenantId: string;
}

/** Subscriptions, groups, generic lists. Source: REST reference, Resource Management. */
export function resourceRoutes(inventory: Inventory, subscription: Subscription): readonly Route[] {
  const show = () => ({
    id: `/subscriptions/${inventory.subscriptionId}`,
    subscriptionId: inventory.subscriptionId,
    tenantId: subscription.tenantId,
    displayName: subscription.displayName,
    state: 'Enabled',
    authorizationSource: 'RoleBased',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'EnterpriseAgreement_2014-09-01',
      spendingLimit: 'Off',
    },
    managedByTenants: [],
  });
  const id = (group: ResourceGroup) =>
    `/subscriptions/${inventory.subscriptionId}/resourceGroups/${group.name}`;
  return [
    route('GET', '/subscriptions', () =>
      answer(200, { value: [show()], count: { type: 'Total', value: 1 } }),
    ),
    route('GET', SUBSCRIPTION, ({ params }) => {
      inventory.requireSubscription(params.subscription);
      return answer(200, show());
    }),
    route('GET', '/tenants', () => {
      const { tenantId } = subscription;
      return answer(200, {
        value: [
          { id: `/tenants/${tenantId}`, tenantId, displayName: 'Contoso', tenantCategory: 'Home' },
        ],
      });
    }),
    route('GET', `${SUBSCRIPTION}/resourceGroups`, ({ params }) => {
      inventory.requireSubscription(params.subscription);
      return answer(200, { value: inventory.groups().map((group) => groupBody(id(group), group)) });
    }),
    route('GET', GROUP, ({ params }) => {
      const group = inventory.requireGroup(params);
      return answer(200, groupBody(id(group), group));
    }),
    route(
      'PUT',
      GROUP,
      ({ params, body }) => {
        inventory.requireSubscription(params.subscription);
        const known = inventory.findGroup(params.group);
        const group: ResourceGroup = {
          name: known?.name ?? params.group,
          location: known?.location ?? textAt(body, 'location') ?? 'westeurope',
          managedBy: known?.managedBy ?? textAt(body, 'managedBy'),
          tags: tagsIn(body) ?? known?.tags,
        };
        inventory.addGroup(group);
        return answer(known ? 200 : 201, groupBody(id(group), group));
      },
      { operationName: 'Microsoft.Resources/subscriptions/resourceGroups/write' },
    ),
    route('GET', `${SUBSCRIPTION}/resources`, ({ params, query }) => {
      inventory.requireSubscription(params.subscription);
      return answer(200, { value: generic(inventory.all(), query.get('$filter')) });
    }),
    route('GET', `${GROUP}/resources`, ({ params, query }) => {
      inventory.requireGroup(params);
      const prefix = `/subscriptions/${params.subscription}/resourceGroups/${params.group}/`;
      const inGroup = inventory.all().filter(({ id: it }) => startsWith(it, prefix));
      return answer(200, { value: generic(inGroup, query.get('$filter')) });
    }),
  ];
}

/** Tags of any resource or group, without a right to write it. Source: REST reference, Tags. */
export function tagRoutes(inventory: Inventory): readonly Route[] {
  const target = (scope: string): { tags: Tags | undefined } => {
    const found = inventory.find(`/${scope}`) ?? groupAt(inventory, scope);
    if (found) return found;
    throw new ArmError(404, 'ResourceNotFound', `The Resource '/${scope}' was not found.`);
  };
  const body = (scope: string, tags: Tags | undefined) => ({
    id: `/${scope}/providers/Microsoft.Resources/tags/default`,
    name: 'default',
    type: 'Microsoft.Resources/tags',
    properties: { tags: tags ?? {} },
  });
  const write = { operationName: 'Microsoft.Resources/tags/write' };
  return [
    route('GET', TAGS, ({ params }) => answer(200, body(params.scope, target(params.scope).tags))),
    route(
      'PUT',
      TAGS,
      (call) => {
        const { scope } = call.params;
        const resource = target(scope);
        resource.tags = tagsIn(objectAt(call.body, 'properties')) ?? {};
        return answer(200, body(scope, resource.tags));
      },
      write,
    ),
    route(
      'PATCH',
      TAGS,
      (call) => {
        const { scope } = call.params;
        const resource = target(scope);
        const given = tagsIn(objectAt(call.body, 'properties')) ?? {};
        const operation = textAt(call.body, 'operation') ?? 'Merge';
        resource.tags = changeTags(resource.tags ?? {}, operation, given);
        return answer(200, body(scope, resource.tags));
      },
      write,
    ),
  ];
}

/** Management locks that hold at a scope: its own and those above it. */
export function lockRoutes(inventory: Inventory, locks: readonly Lock[]): readonly Route[] {
  return [
    route('GET', '/:scope/providers/Microsoft.Authorization/locks', ({ params }) => {
      const scope = `/${params.scope}`;
      if (!startsWith(scope, '/subscriptions/')) {
        throw new ArmError(400, 'InvalidScope', `The scope '${scope}' is not valid.`);
      }
      inventory.requireSubscription(scope.split('/')[2] ?? '');
      // A list at a scope holds the locks above it and, for a group or subscription, those below.
      const value = locks.filter(
        (lock) => startsWith(scope, lock.scope) || startsWith(lock.scope, scope),
      );
      return answer(200, {
        value: value.map(({ scope: at, name, level }) => ({
          id: `${at}/providers/Microsoft.Authorization/locks/${name}`,
          type: 'Microsoft.Authorization/locks',
          name,
          properties: { level },
        })),
      });
    }),
  ];
}

function groupAt(inventory: Inventory, scope: string): ResourceGroup | undefined {
  const [, name] = /^subscriptions\/[^/]+\/resourceGroups\/([^/]+)$/i.exec(scope) ?? [];
  return name ? inventory.findGroup(name) : undefined;
}

function groupBody(id: string, { name, location, managedBy, tags }: ResourceGroup): object {
  return {
    id,
    name,
    type: 'Microsoft.Resources/resourceGroups',
    location,
    ...(managedBy ? { managedBy } : {}),
    ...(tags ? { tags } : {}),
    properties: { provisioningState: 'Succeeded' },
  };
}

function startsWith(text: string, prefix: string): boolean {
  return text.toLowerCase().startsWith(prefix.toLowerCase());
}

/** The only filter that is understood: `resourceType eq '…'`. */
function generic(resources: readonly ResourceRecord[], filter: string | null): readonly object[] {
  const [, type] = /^resourceType eq '([^']+)'$/i.exec(filter ?? '') ?? [];
  if (filter && !type) {
    throw new ArmError(501, 'NotSimulated', `The simulated Azure does not know $filter=${filter}.`);
  }
  return resources
    .filter((it) => !type || it.type.toLowerCase() === type.toLowerCase())
    .map((it) => {
      // Neither properties nor zones. Source: GenericResourceExpanded.
      const { id, name, type: of, location, tags, managedBy, sku, identity } = it.body();
      return { id, name, type: of, location, tags, managedBy, sku, identity };
    });
}
