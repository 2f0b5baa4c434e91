import { answer } from '../arm/answer.ts';
import { type Route, route } from '../arm/route.ts';
import type { RoleStore } from './role-store.ts';

/**
 * What the caller may do at a scope: the rights of each of its roles there. Deny assignments are
 * not taken off.
 *
 * Source: REST reference, Authorization, Permissions, api-version 2022-04-01.
 */
export function permissionRoutes(roles: RoleStore): readonly Route[] {
  return [
    route('GET', '/:scope/providers/Microsoft.Authorization/permissions', ({ params, caller }) => {
      const value = roles
        .rolesAt(caller.objectId, `/${params.scope}`)
        .map(({ actions, notActions, dataActions, notDataActions }) => {
          return { actions, notActions, dataActions, notDataActions };
        });
      return answer(200, { value });
    }),
  ];
}
