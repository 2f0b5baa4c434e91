import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { sameId } from '../arm/resource-id.ts';
import { type Route, route } from '../arm/route.ts';
import { unknownFilter } from '../resources/odata-filter.ts';
import { type DenyAssignment, EVERYBODY } from './deny-assignment.ts';
import type { RoleStore } from './role-store.ts';

const DENY_TYPE = 'Microsoft.Authorization/denyAssignments';
const DENIES = `/:scope/providers/${DENY_TYPE}` as const;

/** Deny assignments, to read. Source: REST reference, Authorization, api-version 2022-04-01. */
export function denyAssignmentRoutes({
  denyAssignments: all,
  hierarchy,
}: RoleStore): readonly Route[] {
  return [
    route('GET', DENIES, ({ params, query }) => {
      const scope = `/${params.scope}`;
      const filter = query.get('$filter');
      if (filter && !/^atScope\(\)$/i.test(filter)) throw unknownFilter(filter);
      const value = all.filter(
        (it) => hierarchy.covers(it.scope, scope) || (!filter && hierarchy.covers(scope, it.scope)),
      );
      return answer(200, { value: value.map(denyBody) });
    }),
    route('GET', `${DENIES}/:name`, ({ params }) => {
      const found = all.find((it) => sameId(it.name, params.name));
      if (found) return answer(200, denyBody(found));
      throw new ArmError(
        404,
        'DenyAssignmentNotFound',
        `The deny assignment with ID '${params.name}' is not found.`,
      );
    }),
  ];
}

function denyBody(it: DenyAssignment): object {
  const { name, displayName, scope, actions, notActions, doNotApplyToChildScopes } = it;
  const principal = (id: string) => ({
    id,
    type: id === EVERYBODY ? 'SystemDefined' : 'ServicePrincipal',
  });
  return {
    properties: {
      denyAssignmentName: displayName,
      description: '',
      permissions: [{ actions, notActions, dataActions: [], notDataActions: [] }],
      scope,
      doNotApplyToChildScopes,
      principals: it.principals.map(principal),
      excludePrincipals: it.excludePrincipals.map(principal),
      isSystemProtected: true,
    },
    id: `${scope}/providers/${DENY_TYPE}/${name}`,
    type: DENY_TYPE,
    name,
  };
}
