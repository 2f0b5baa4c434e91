import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { parseResourceId, subscriptionScope } from '../arm/resource-id.ts';
import { type Caller, type Route, route } from '../arm/route.ts';
import type { RoleStore } from '../authorization/role-store.ts';
import type { Inventory } from '../resources/inventory.ts';
import { isObject, objectAt, textAt } from '../resources/json.ts';
import type { ResourceRecord } from '../resources/resource.ts';
import { runQuery, type Tables } from './kql.ts';
import type { Row } from './kql-expressions.ts';

const PAGE_SIZE = 1000;
const QUERIES = 15;
const WINDOW_MS = 5000;

interface Quota {
  left: number;
  resetsAt: number;
}

interface Surroundings {
  readonly tenantId: string;
  readonly speed: number;
  readonly roles: RoleStore;
}

/**
 * Resource Graph: queries over everything that exists. Here it is up to date at once, which the
 * real one is not.
 *
 * Source: REST reference, Resource Graph, Resources; recorded answers and quota headers.
 */
export function graphRoutes(
  inventory: Inventory,
  { tenantId, speed, roles }: Surroundings,
): readonly Route[] {
  const quota: Quota = { left: QUERIES, resetsAt: 0 };
  const tablesFor = ({ objectId }: Caller): Tables => ({
    resources: () =>
      inventory
        .all()
        .filter(mayRead(roles, objectId))
        .map((resource) => rowOf(resource, tenantId)),
    resourcecontainers: () => containers(inventory, tenantId, mayRead(roles, objectId)),
  });
  return [
    route('POST', '/providers/Microsoft.ResourceGraph/resources', ({ body, caller }) => {
      const headers = takeQuota(quota, speed);
      const rows = runQuery(textAt(body, 'query') ?? '', withinScope(tablesFor(caller), body));
      const options = objectAt(body, 'options');
      const from = offsetIn(textAt(options, '$skipToken')) + Number(options['$skip'] ?? 0);
      const size = Math.min(PAGE_SIZE, Number(options['$top'] ?? PAGE_SIZE));
      const data = rows.slice(from, from + size);
      const more = from + size < rows.length;
      return answer(
        200,
        {
          totalRecords: rows.length,
          count: data.length,
          data: textAt(options, 'resultFormat') === 'table' ? refuseTable() : data,
          facets: [],
          // Text, not a truth value.
          resultTruncated: 'false',
          ...(more ? { $skipToken: tokenFor(from + size) } : {}),
        },
        headers,
      );
    }),
  ];
}

/** 15 queries in 5 s per caller. Source: "Guidance for throttled requests in Azure Resource Graph". */
function takeQuota(quota: Quota, speed: number): Record<string, string> {
  const now = Date.now();
  if (now >= quota.resetsAt) {
    quota.left = QUERIES;
    quota.resetsAt = now + WINDOW_MS / speed;
  }
  const waitS = Math.max(1, Math.ceil((quota.resetsAt - now) / 1000));
  const resets = { 'x-ms-user-quota-resets-after': `00:00:${String(waitS).padStart(2, '0')}` };
  if (quota.left === 0) {
    throw new ArmError(
      429,
      'RateLimiting',
      'Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.',
      { headers: { ...resets, 'x-ms-user-quota-remaining': '0', 'retry-after': String(waitS) } },
    );
  }
  quota.left -= 1;
  return {
    ...resets,
    'x-ms-user-quota-remaining': String(quota.left),
    'x-ms-ratelimit-remaining-tenant-resource-requests': String(quota.left),
    'x-ms-resource-graph-request-duration': '0:00:00:00.0421337',
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

function withinScope(tables: Tables, body: unknown): Tables {
  const asked = isObject(body) ? body['subscriptions'] : undefined;
  if (!Array.isArray(asked)) return tables;
  const wanted = new Set(asked.map((id) => String(id).toLowerCase()));
  const only = (rows: readonly Row[]) =>
    rows.filter(({ subscriptionId }) => wanted.has(String(subscriptionId).toLowerCase()));
  return Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [name, () => only(rows())]),
  );
}

/** Type in small letters, every column there, `null` where a resource has nothing to say. */
function rowOf(resource: ResourceRecord, tenantId: string): Row {
  const { id, name, type, location, tags, zones, managedBy, sku, identity, properties } =
    resource.body();
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

function containers(
  inventory: Inventory,
  tenantId: string,
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
  const subscriptions = inventory.subscriptions().map(({ id, name }) => ({
    id: `/subscriptions/${id}`,
    name,
    type: 'microsoft.resources/subscriptions',
    tenantId,
    kind: '',
    location: '',
    resourceGroup: '',
    subscriptionId: id,
    managedBy: '',
    properties: { state: 'Enabled' },
    tags: null,
  }));
  return [...subscriptions, ...groups].filter(mayRead);
}

function tokenFor(offset: number): string {
  return Buffer.from(JSON.stringify({ offset })).toString('base64');
}

function offsetIn(token: string | undefined): number {
  if (!token) return 0;
  const { offset } = JSON.parse(Buffer.from(token, 'base64').toString());
  return Number(offset);
}

function refuseTable(): never {
  throw new ArmError(501, 'NotSimulated', 'The simulated Azure answers objectArray only.');
}
