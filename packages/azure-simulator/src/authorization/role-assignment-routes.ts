import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import { eventTime } from '../arm/time.ts';
import { type JsonObject, objectAt, textAt } from '../resources/json.ts';
import type { RoleAssignment, RoleCondition } from './role-assignment.ts';
import { roleDefinitionId } from './role-definition-routes.ts';
import type { RoleStore } from './role-store.ts';

const ASSIGNMENTS = '/:scope/providers/Microsoft.Authorization/roleAssignments';
const ASSIGNMENT = `${ASSIGNMENTS}/:assignment` as const;
const ASSIGNMENT_TYPE = 'Microsoft.Authorization/roleAssignments';

type AssignmentCall = Call<'scope' | 'assignment'>;

/** Role assignments. Source: REST reference, Authorization, Role Assignments. */
export function roleAssignmentRoutes(roles: RoleStore): readonly Route[] {
  const at = ({ params }: AssignmentCall) => roles.find(`/${params.scope}`, params.assignment);
  return [
    route('GET', ASSIGNMENTS, ({ params, query }) => {
      const scope = `/${params.scope}`;
      const wanted = filterOf(query.get('$filter'), scope, roles);
      return answer(200, { value: roles.assignments.filter(wanted).map(assignmentBody) });
    }),
    route('GET', ASSIGNMENT, (call) => {
      const found = at(call);
      if (found) return answer(200, assignmentBody(found));
      throw new ArmError(
        404,
        'RoleAssignmentNotFound',
        `The role assignment '${call.params.assignment}' is not found.`,
      );
    }),
    route('PUT', ASSIGNMENT, (call) => put(roles, call), {
      operationName: `${ASSIGNMENT_TYPE}/write`,
    }),
    route(
      'DELETE',
      ASSIGNMENT,
      (call) => {
        const found = at(call);
        if (!found) return answer(204);
        roles.remove(found);
        return answer(200, assignmentBody(found));
      },
      { operationName: `${ASSIGNMENT_TYPE}/delete` },
    ),
  ];
}

/**
 * Makes an assignment, or changes the condition and the description of one that is there.
 *
 * Source: REST reference, Role Assignments – Create; the refusal of another principal or role from
 * public reports. The 201 does not say who made it: recorded.
 */
function put(roles: RoleStore, { params, body, caller }: AssignmentCall) {
  const properties = objectAt(body, 'properties');
  const principalId = textAt(properties, 'principalId') ?? '';
  const asked = textAt(properties, 'roleDefinitionId') ?? '';
  const role = roles.definitions.get(asked.slice(asked.lastIndexOf('/') + 1).toLowerCase());
  if (!role) {
    throw new ArmError(
      404,
      'RoleDefinitionDoesNotExist',
      `The specified role definition with ID '${asked.slice(asked.lastIndexOf('/') + 1)}' does not exist.`,
    );
  }
  const scope = `/${params.scope}`;
  const known = roles.find(scope, params.assignment);
  const condition = conditionIn(properties);
  if (known) {
    if (known.principalId !== principalId || known.role !== role.name) throw updateRefused();
    const updated = { at: Date.now(), by: caller.objectId };
    return answer(200, assignmentBody(roles.add({ ...known, condition, updated })));
  }
  const same = roles.assignments.find(
    (it) =>
      it.principalId === principalId &&
      it.role === role.name &&
      it.scope.toLowerCase() === scope.toLowerCase(),
  );
  if (same) {
    throw new ArmError(
      409,
      'RoleAssignmentExists',
      `The role assignment already exists. The ID of the existing role assignment is ${same.name.replaceAll('-', '')}.`,
    );
  }
  const made = roles.add({
    name: params.assignment,
    scope,
    principalId,
    principalType: textAt(properties, 'principalType') ?? 'ServicePrincipal',
    role: role.name,
    createdAt: Date.now(),
    createdBy: caller.objectId,
    condition,
    effectiveAt: Date.now() + roles.propagationMs(),
  });
  const { properties: shown, ...rest } = assignmentBody(made);
  return answer(201, { ...rest, properties: { ...shown, createdBy: null } });
}

function conditionIn(properties: JsonObject): RoleCondition {
  const at = (name: keyof RoleCondition) => textAt(properties, name) ?? null;
  return {
    condition: at('condition'),
    conditionVersion: at('conditionVersion'),
    description: at('description'),
    delegatedManagedIdentityResourceId: at('delegatedManagedIdentityResourceId'),
  };
}

function updateRefused(): ArmError {
  return new ArmError(
    400,
    'RoleAssignmentUpdateNotPermitted',
    'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
  );
}

/** At a scope a list holds what is assigned there, above and below; `atScope()` leaves out below. */
function filterOf(
  filter: string | null,
  scope: string,
  { hierarchy }: RoleStore,
): (it: RoleAssignment) => boolean {
  const terms = (filter ?? '').split(/\s+and\s+/i).filter((term) => term !== '');
  const above = (it: RoleAssignment) => hierarchy.covers(it.scope, scope);
  const around = (it: RoleAssignment) => above(it) || hierarchy.covers(scope, it.scope);
  const tests = terms.map((term): ((it: RoleAssignment) => boolean) => {
    if (/^atScope\(\)$/i.test(term)) return above;
    const [, principal] =
      /^principalId eq '([^']*)'$/i.exec(term) ?? /^assignedTo\('([^']*)'\)$/i.exec(term) ?? [];
    if (principal !== undefined) return (it) => it.principalId === principal;
    throw new ArmError(501, 'NotSimulated', `The simulated Azure does not know $filter=${filter}.`);
  });
  return (it) => around(it) && tests.every((holds) => holds(it));
}

function assignmentBody(it: RoleAssignment) {
  const { scope, principalId, principalType, name, createdAt, createdBy, condition } = it;
  const { at, by } = it.updated ?? { at: createdAt, by: createdBy };
  return {
    properties: {
      roleDefinitionId: roleDefinitionId(scope, it.role),
      principalId,
      principalType,
      scope,
      condition: condition?.condition ?? null,
      conditionVersion: condition?.conditionVersion ?? null,
      createdOn: eventTime(createdAt),
      updatedOn: eventTime(at),
      createdBy: createdBy === '' ? null : createdBy,
      updatedBy: by === '' ? null : by,
      delegatedManagedIdentityResourceId: condition?.delegatedManagedIdentityResourceId ?? null,
      description: condition?.description ?? null,
    },
    id: `${scope}/providers/${ASSIGNMENT_TYPE}/${name}`,
    type: ASSIGNMENT_TYPE,
    name,
  };
}
