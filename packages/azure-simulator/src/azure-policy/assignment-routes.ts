import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { sameId } from '../arm/resource-id.ts';
import { type Route, route } from '../arm/route.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';
import { notFound } from './definition-routes.ts';
import { resolved } from './evaluate-rule.ts';
import { asWritten, valuesFor } from './parameter-values.ts';
import { effectNamed } from './policy-rule.ts';
import type { PolicyAssignment, PolicyStore } from './policy-store.ts';
import { scopeFilter } from './scope-filter.ts';

const ASSIGNMENT_TYPE = 'Microsoft.Authorization/policyAssignments';
const ASSIGNMENTS = `/:scope/providers/${ASSIGNMENT_TYPE}` as const;
const ASSIGNMENT = `${ASSIGNMENTS}/:name` as const;
/** Since this version the version of the definition is told. */
const TELLS_VERSION = '2023-04-01';

/** Policy assignments. Source: REST reference, Policy Assignments, api-version 2023-04-01. */
export function policyAssignmentRoutes(policies: PolicyStore): readonly Route[] {
  const { assignments, hierarchy } = policies;
  const show = (it: PolicyAssignment, apiVersion: string) =>
    assignmentBody(it, apiVersion < TELLS_VERSION ? undefined : versionOf(policies, it));
  return [
    route('GET', ASSIGNMENTS, ({ params, query, apiVersion }) => {
      const wanted = scopeFilter<PolicyAssignment>(
        query.get('$filter'),
        `/${params.scope}`,
        hierarchy,
        { policyDefinitionId: (it, id) => sameId(it.policyDefinitionId, id) },
      );
      const value = assignments.list().filter(wanted);
      return answer(200, { value: value.map((it) => show(it, apiVersion)) });
    }),
    route('GET', ASSIGNMENT, ({ params, apiVersion }) => {
      const found = assignments.find(idOf(params));
      if (found) return answer(200, show(found, apiVersion));
      throw notFound('PolicyAssignmentNotFound', 'policy assignment', params.name);
    }),
    route(
      'PUT',
      ASSIGNMENT,
      ({ params, body, apiVersion }) => {
        const made = assignmentIn(params, objectAt(body, 'properties'));
        checkAssignment(made, policies);
        return answer(201, show(assignments.put(made), apiVersion));
      },
      { operationName: `${ASSIGNMENT_TYPE}/write` },
    ),
    route(
      'DELETE',
      ASSIGNMENT,
      ({ params, apiVersion }) => {
        const found = assignments.find(idOf(params));
        if (!found) return answer(204);
        assignments.remove(found.id);
        return answer(200, show(found, apiVersion));
      },
      { operationName: `${ASSIGNMENT_TYPE}/delete` },
    ),
  ];
}

/**
 * Refuses what cannot be assigned: a definition that is not there, a parameter that is missing or
 * has a value that is not allowed.
 *
 * Source: public reports for the values; the other codes are assumed.
 *
 * @throws ArmError
 */
export function checkAssignment(
  { name, policyDefinitionId, parameters }: PolicyAssignment,
  { definitions, sets }: PolicyStore,
): void {
  if (sets.find(policyDefinitionId)) return;
  const definition = definitions.find(policyDefinitionId);
  if (!definition) {
    throw notFound('PolicyDefinitionNotFound', 'policy definition', policyDefinitionId);
  }
  const values = valuesFor(definition, parameters);
  for (const [parameter, it] of Object.entries(definition.parameters)) {
    const allowed: unknown = isObject(it) ? it['allowedValues'] : undefined;
    const value = values[parameter];
    if (value === undefined) {
      throw new ArmError(
        400,
        'MissingPolicyParameter',
        `The policy assignment '${name}' is missing the parameter(s) '${parameter}' as defined in the policy definition '${definition.name}'.`,
      );
    }
    if (Array.isArray(allowed) && !allowed.includes(value)) {
      throw new ArmError(
        400,
        'PolicyParameterValueNotAllowed',
        `The value '${value}' is not allowed for policy parameter '${parameter}' in policy definition '${definition.name}'. The allowed values are '${allowed.join(', ')}'.`,
      );
    }
  }
  effectNamed(String(resolved(definition.rule.effect, values)));
}

function idOf({ scope, name }: { readonly scope: string; readonly name: string }): string {
  return `/${scope}/providers/${ASSIGNMENT_TYPE}/${name}`;
}

/** What a body assigns. */
export function assignmentIn(
  at: { readonly scope: string; readonly name: string },
  properties: JsonObject,
): PolicyAssignment {
  const { notScopes, nonComplianceMessages: messages } = properties;
  const displayName = textAt(properties, 'displayName');
  const description = textAt(properties, 'description');
  const given = Object.entries(objectAt(properties, 'parameters'));
  return {
    id: idOf(at),
    name: at.name,
    scope: `/${at.scope}`,
    policyDefinitionId: textAt(properties, 'policyDefinitionId') ?? '',
    ...(displayName ? { displayName } : {}),
    ...(description ? { description } : {}),
    enforcementMode: properties['enforcementMode'] === 'DoNotEnforce' ? 'DoNotEnforce' : 'Default',
    notScopes: Array.isArray(notScopes) ? notScopes.map(String) : [],
    parameters: Object.fromEntries(
      given.map(([name, it]) => [name, isObject(it) ? it['value'] : undefined]),
    ),
    metadata: objectAt(properties, 'metadata'),
    nonComplianceMessages: Array.isArray(messages) ? messages.filter(isObject) : [],
  };
}

function versionOf({ definitions }: PolicyStore, it: PolicyAssignment): string {
  const { version = '1.0.0' } = definitions.find(it.policyDefinitionId) ?? {};
  return `${version.split('.')[0]}.*.*`;
}

function assignmentBody(it: PolicyAssignment, definitionVersion: string | undefined): object {
  const { id, name, scope, displayName, description, policyDefinitionId, notScopes } = it;
  const { parameters, metadata, enforcementMode, nonComplianceMessages } = it;
  return {
    properties: {
      ...(displayName ? { displayName } : {}),
      ...(description ? { description } : {}),
      policyDefinitionId,
      ...(definitionVersion ? { definitionVersion } : {}),
      scope,
      notScopes,
      parameters: asWritten(parameters),
      metadata,
      enforcementMode,
      ...(nonComplianceMessages.length > 0 ? { nonComplianceMessages } : {}),
    },
    id,
    type: ASSIGNMENT_TYPE,
    name,
  };
}
