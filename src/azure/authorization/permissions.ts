import type { Permission } from '../../domain/azure/permission.ts';
import type { ArmRequest } from '../arm/arm-request.ts';
import { listAll, mapped } from '../arm/list-all.ts';
import { placeOf } from '../arm/place-of.ts';
import { BRIEFLY_MS, remember } from '../arm/remember.ts';
import type { Azure } from '../azure.ts';

/** Source: REST reference, Management Locks and Permissions. */
const LOCKS = '2020-05-01';
const PERMISSIONS = '2022-04-01';

/** What stands against a write: locks, and rights that keyturn lacks. */
export function permissionCalls(request: ArmRequest): Pick<Azure, 'listLocks' | 'listPermissions'> {
  const locksIn = remember(async (subscriptionId) => {
    const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/locks`;
    return mapped(await listAll(request, 'list locks', path, LOCKS), (found) =>
      found.map(({ id, properties }) => ({
        name: id.slice(id.lastIndexOf('/') + 1),
        scope: id.slice(0, id.toLowerCase().indexOf('/providers/microsoft.authorization/')),
        level: String((properties as { readonly level?: unknown })?.level),
      })),
    );
  }, BRIEFLY_MS);
  const permissionsIn = remember(async (group) => {
    const path = `${group}/providers/Microsoft.Authorization/permissions`;
    return mapped(await listAll(request, 'list own permissions', path, PERMISSIONS), (found) =>
      found.map((each) => toPermission(each)),
    );
  });

  return {
    listLocks: (resourceId) => locksIn(placeOf(resourceId).subscriptionId),
    listPermissions: (resourceId) => {
      const { subscriptionId, resourceGroup } = placeOf(resourceId);
      return permissionsIn(`/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`);
    },
  };
}

/** What a role's `permissions` say. */
export function toPermission(shown: Readonly<Record<string, unknown>>): Permission {
  const texts = (value: unknown): readonly string[] =>
    Array.isArray(value) ? value.map(String) : [];
  return {
    actions: texts(shown['actions']),
    notActions: texts(shown['notActions']),
    dataActions: texts(shown['dataActions']),
    notDataActions: texts(shown['notDataActions']),
  };
}
