import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import { objectAt, textAt } from '../resources/json.ts';
import { asWritten } from './parameter-values.ts';
import type { PolicyDefinition } from './policy-definition.ts';
import { readPolicyRule } from './policy-rule.ts';
import type { PolicySet, PolicyStore } from './policy-store.ts';
import { scopeFilter } from './scope-filter.ts';

const DEFINITION_TYPE = 'Microsoft.Authorization/policyDefinitions';
const SET_TYPE = 'Microsoft.Authorization/policySetDefinitions';
const BUILT_IN = `/providers/${DEFINITION_TYPE}` as const;
const DEFINITIONS = `/:scope${BUILT_IN}` as const;
const DEFINITION = `${DEFINITIONS}/:name` as const;
const SETS = `/:scope/providers/${SET_TYPE}` as const;

/** Policy definitions, built-in and custom; sets of them to read. Source: REST reference, 2023-04-01. */
export function definitionRoutes(policies: PolicyStore): readonly Route[] {
  const { definitions, sets, hierarchy } = policies;
  const existing = (id: string) => {
    const found = definitions.find(id);
    if (found) return found;
    throw notFound('PolicyDefinitionNotFound', 'policy definition', id);
  };
  const list = (scope: string, { query }: Pick<Call, 'query'>) => {
    const wanted = scopeFilter<PolicyDefinition & { scope: string }>(
      query.get('$filter'),
      scope,
      hierarchy,
      {
        policyType: ({ policyType }, value) => policyType.toLowerCase() === value.toLowerCase(),
        category: ({ metadata }, value) => metadata['category'] === value,
      },
    );
    const all = definitions.list().map((it) => ({ ...it, scope: scopeOf(it.id) }));
    // What was made below a scope is not in its list, though assignments are.
    const value = all.filter((it) => hierarchy.covers(it.scope, scope) && wanted(it));
    return answer(200, { value: value.map(definitionBody) });
  };
  return [
    route('GET', BUILT_IN, (call) => list('/', call)),
    route('GET', `${BUILT_IN}/:name`, ({ params }) =>
      answer(200, definitionBody(existing(`${BUILT_IN}/${params.name}`))),
    ),
    route('GET', DEFINITIONS, ({ params, ...call }) => list(`/${params.scope}`, call)),
    route('GET', DEFINITION, ({ params }) =>
      answer(200, definitionBody(existing(`/${params.scope}${BUILT_IN}/${params.name}`))),
    ),
    route(
      'PUT',
      DEFINITION,
      ({ params, body }) =>
        answer(201, definitionBody(definitions.put(customPolicy(params, body)))),
      { operationName: `${DEFINITION_TYPE}/write` },
    ),
    route(
      'DELETE',
      DEFINITION,
      ({ params }) =>
        answer(definitions.remove(`/${params.scope}${BUILT_IN}/${params.name}`) ? 200 : 204),
      { operationName: `${DEFINITION_TYPE}/delete` },
    ),
    route('GET', SETS, ({ params }) => {
      const value = sets
        .list()
        .filter(({ id }) => hierarchy.covers(scopeOf(id), `/${params.scope}`));
      return answer(200, { value: value.map(setBody) });
    }),
    route('GET', `${SETS}/:name`, ({ params }) => {
      const id = `/${params.scope}/providers/${SET_TYPE}/${params.name}`;
      const found = sets.find(id);
      if (found) return answer(200, setBody(found));
      throw notFound('PolicySetDefinitionNotFound', 'policy set definition', id);
    }),
  ];
}

/** @throws ArmError 501 for a rule that is not simulated. */
export function customPolicy(
  { scope, name }: { readonly scope: string; readonly name: string },
  body: unknown,
): PolicyDefinition {
  const properties = objectAt(body, 'properties');
  const policyRule = objectAt(properties, 'policyRule');
  const description = textAt(properties, 'description');
  return {
    id: `/${scope}${BUILT_IN}/${name}`,
    name,
    displayName: textAt(properties, 'displayName') ?? name,
    policyType: 'Custom',
    mode: textAt(properties, 'mode') ?? 'Indexed',
    version: textAt(objectAt(properties, 'metadata'), 'version') ?? '1.0.0',
    ...(description ? { description } : {}),
    metadata: objectAt(properties, 'metadata'),
    parameters: objectAt(properties, 'parameters'),
    policyRule,
    rule: readPolicyRule(policyRule),
  };
}

export function notFound(code: string, what: string, id: string): ArmError {
  return new ArmError(
    404,
    code,
    `The ${what} '${id.slice(id.lastIndexOf('/') + 1)}' could not be found.`,
  );
}

/** `/` of a built-in one. */
function scopeOf(id: string): string {
  return id.slice(0, id.toLowerCase().lastIndexOf('/providers/')) || '/';
}

function definitionBody(it: PolicyDefinition): object {
  const { id, name, displayName, policyType, mode, description, version } = it;
  const { metadata, parameters, policyRule } = it;
  return {
    properties: {
      displayName,
      policyType,
      mode,
      ...(description ? { description } : {}),
      metadata,
      version,
      parameters,
      policyRule,
      versions: [version],
    },
    id,
    type: DEFINITION_TYPE,
    name,
  };
}

function setBody({ id, name, displayName, policies }: PolicySet): object {
  return {
    properties: {
      displayName,
      policyType: 'Custom',
      metadata: {},
      parameters: {},
      policyDefinitions: policies.map(({ parameters, ...it }) => ({
        ...it,
        parameters: asWritten(parameters),
      })),
    },
    id,
    type: SET_TYPE,
    name,
  };
}
