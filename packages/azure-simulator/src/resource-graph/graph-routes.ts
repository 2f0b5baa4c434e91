import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { type Route, route } from '../arm/route.ts';
import type { ManagementGroups } from '../management/management-groups.ts';
import { objectAt, textAt } from '../resources/json.ts';
import { isAskedFor } from './graph-scope.ts';
import { type GraphedWorld, graphTables } from './graph-tables.ts';
import { runQuery, type Tables } from './kql.ts';
import type { Row } from './kql-expressions.ts';

const PAGE_SIZE = 1000;
const QUERIES = 15;
const WINDOW_MS = 5000;

interface Quota {
  left: number;
  resetsAt: number;
}

interface Surroundings extends GraphedWorld {
  readonly speed: number;
  readonly managementGroups: ManagementGroups;
}

/**
 * Resource Graph: queries over everything that exists, a little behind.
 *
 * Source: REST reference, Resource Graph, Resources; recorded answers and quota headers.
 */
export function graphRoutes(world: Surroundings): readonly Route[] {
  const quota: Quota = { left: QUERIES, resetsAt: 0 };
  return [
    route(
      'POST',
      '/providers/Microsoft.ResourceGraph/resources',
      ({ body, caller, leaveOut = null }) => {
        const headers = takeQuota(quota, world.speed);
        const rows = runQuery(
          textAt(body, 'query') ?? '',
          withinScope(graphTables(world, caller), body, world, leaveOut),
        );
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
      },
    ),
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

function withinScope(
  tables: Tables,
  body: unknown,
  { managementGroups }: Surroundings,
  leaveOut: RegExp | null,
): Tables {
  const isAsked = isAskedFor(body, managementGroups);
  const only = (rows: readonly Row[]) =>
    rows.filter(
      ({ id, subscriptionId }) =>
        isAsked(String(subscriptionId)) && leaveOut?.test(String(id)) !== true,
    );
  return Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [name, () => only(rows())]),
  );
}

function tokenFor(offset: number): string {
  return Buffer.from(JSON.stringify({ offset })).toString('base64');
}

function offsetIn(token: string | undefined): number {
  if (!token) return 0;
  const [, offset] = /^\{"offset":(\d{1,9})\}$/.exec(Buffer.from(token, 'base64').toString()) ?? [];
  if (offset !== undefined) return Number(offset);
  // Source: public reports.
  throw new ArmError(400, 'BadRequest', 'Please provide below info when asking for support.', {
    details: [{ code: 'CouldNotDecodeSkipToken', message: 'Skip token could not be decoded.' }],
  });
}

function refuseTable(): never {
  throw new ArmError(501, 'NotSimulated', 'The simulated Azure answers objectArray only.');
}
