import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import { isObject, objectAt, textAt } from '../resources/json.ts';
import type { RoleDefinition } from './role-definition.ts';
import type { RoleStore } from './role-store.ts';

const ROLES = '/:scope/providers/Microsoft.Authorization/roleDefinitions';
const ROLE_TYPE = 'Microsoft.Authorization/roleDefinitions';
/** Built-in roles were made when role-based access was. */
const MADE_AT = '2015-02-02T21:55:09.8806423Z';

/** Role definitions, built-in and custom. Source: REST reference, Authorization. */
export function roleDefinitionRoutes(roles: RoleStore): readonly Route[] {
  const show = (scope: string) => (role: RoleDefinition) => definitionBody(scope, role);
  const one = ({ params }: Call<'scope' | 'role'>) => {
    const found = roles.definitions.get(params.role.toLowerCase());
    if (found) return found;
    throw new ArmError(
      404,
      'RoleDefinitionDoesNotExist',
      `The specified role definition with ID '${params.role}' does not exist.`,
    );
  };
  return [
    route('GET', ROLES, ({ params, query }) => {
      const wanted = filterOf(query.get('$filter'));
      const value = [...roles.definitions.values()].filter(wanted).map(show(params.scope));
      return answer(200, { value });
    }),
    route('GET', `${ROLES}/:role`, (call) => answer(200, show(call.params.scope)(one(call)))),
    route(
      'PUT',
      `${ROLES}/:role`,
      ({ params, body }) => {
        const role = customRole(params.role.toLowerCase(), objectAt(body, 'properties'));
        roles.definitions.set(role.name, role);
        return answer(201, show(params.scope)(role));
      },
      { operationName: `${ROLE_TYPE}/write` },
    ),
  ];
}

/** The ID of a role at a scope: that of the subscription, whatever lies below. */
export function roleDefinitionId(scope: string, guid: string): string {
  const [, subscription] = /^\/?(subscriptions\/[^/]+)/i.exec(scope) ?? [];
  return `${subscription ? `/${subscription}` : ''}/providers/${ROLE_TYPE}/${guid}`;
}

function filterOf(filter: string | null): (role: RoleDefinition) => boolean {
  if (!filter || /^atScope\(\)$/i.test(filter)) return () => true;
  const [, field, value = ''] = /^(roleName|type) eq '([^']*)'$/i.exec(filter) ?? [];
  if (!field) {
    throw new ArmError(501, 'NotSimulated', `The simulated Azure does not know $filter=${filter}.`);
  }
  const wanted = value.toLowerCase();
  return ({ roleName, type }) =>
    (field.toLowerCase() === 'type' ? type : roleName).toLowerCase() === wanted;
}

function definitionBody(scope: string, role: RoleDefinition): object {
  const { roleName, type, description, assignableScopes } = role;
  const { actions, notActions, dataActions, notDataActions } = role;
  return {
    properties: {
      roleName,
      type,
      description,
      assignableScopes,
      permissions: [{ actions, notActions, dataActions, notDataActions }],
      createdOn: MADE_AT,
      updatedOn: MADE_AT,
      createdBy: null,
      updatedBy: null,
    },
    id: roleDefinitionId(scope, role.name),
    type: ROLE_TYPE,
    name: role.name,
  };
}

function customRole(name: string, properties: Readonly<Record<string, unknown>>): RoleDefinition {
  const permissions: unknown = properties['permissions'];
  const given: readonly unknown[] = Array.isArray(permissions) ? permissions : [];
  const all = (field: string): readonly string[] =>
    given.flatMap((it) => (isObject(it) ? texts(it[field]) : []));
  return {
    name,
    roleName: textAt(properties, 'roleName') ?? name,
    description: textAt(properties, 'description') ?? '',
    type: 'CustomRole',
    actions: all('actions'),
    notActions: all('notActions'),
    dataActions: all('dataActions'),
    notDataActions: all('notDataActions'),
    assignableScopes: texts(properties['assignableScopes']),
  };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
