import { sameId } from '../arm/resource-id.ts';
import { type ManagementGroups, managementGroupId } from '../management/management-groups.ts';
import { isObject } from '../resources/json.ts';

/**
 * Which subscriptions a query is about: those that it names, else those below the management groups
 * that it names, else all.
 *
 * Source: REST reference, Resource Graph, Resources, `subscriptions` and `managementGroups`.
 */
export function isAskedFor(
  body: unknown,
  managementGroups: ManagementGroups,
): (subscription: string) => boolean {
  const named = namesIn(body, 'subscriptions');
  if (named) return (subscription) => named.some((it) => sameId(it, subscription));
  const groups = namesIn(body, 'managementGroups');
  if (!groups) return () => true;
  return (subscription) =>
    groups.some((it) =>
      managementGroups.covers(managementGroupId(it), `/subscriptions/${subscription}`),
    );
}

function namesIn(body: unknown, field: string): readonly string[] | null {
  const names = isObject(body) ? body[field] : undefined;
  return Array.isArray(names) ? names.map(String) : null;
}
