import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { sameId } from '../arm/resource-id.ts';
import { type Route, route } from '../arm/route.ts';
import { eventTime } from '../arm/time.ts';
import { type JsonObject, objectAt, textAt } from '../resources/json.ts';
import { notFound } from './definition-routes.ts';
import type { PolicyExemption, PolicyStore } from './policy-store.ts';
import { scopeFilter } from './scope-filter.ts';

const EXEMPTION_TYPE = 'Microsoft.Authorization/policyExemptions';
const EXEMPTIONS = `/:scope/providers/${EXEMPTION_TYPE}` as const;
const EXEMPTION = `${EXEMPTIONS}/:name` as const;

/** Policy exemptions. Source: REST reference, Policy Exemptions, api-version 2022-07-01-preview. */
export function exemptionRoutes({
  exemptions,
  assignments,
  hierarchy,
}: PolicyStore): readonly Route[] {
  return [
    route('GET', EXEMPTIONS, ({ params, query }) => {
      const wanted = scopeFilter<PolicyExemption>(
        query.get('$filter'),
        `/${params.scope}`,
        hierarchy,
        {
          excludeExpired: ({ expiresAt }) => expiresAt === null || expiresAt > Date.now(),
          policyAssignmentId: (it, id) => sameId(it.policyAssignmentId, id),
        },
      );
      return answer(200, { value: exemptions.list().filter(wanted).map(exemptionBody) });
    }),
    route('GET', EXEMPTION, ({ params }) => {
      const found = exemptions.find(exemptionId(params));
      if (found) return answer(200, exemptionBody(found));
      throw notFound('PolicyExemptionNotFound', 'policy exemption', params.name);
    }),
    route(
      'PUT',
      EXEMPTION,
      ({ params, body }) => {
        const made = exemptionIn(params, objectAt(body, 'properties'));
        if (!assignments.find(made.policyAssignmentId)) {
          throw notFound('PolicyAssignmentNotFound', 'policy assignment', made.policyAssignmentId);
        }
        const known = exemptions.find(made.id);
        return answer(known ? 200 : 201, exemptionBody(exemptions.put(made)));
      },
      { operationName: `${EXEMPTION_TYPE}/write` },
    ),
    route(
      'DELETE',
      EXEMPTION,
      ({ params }) => answer(exemptions.remove(exemptionId(params)) ? 200 : 204),
      { operationName: `${EXEMPTION_TYPE}/delete` },
    ),
  ];
}

export function exemptionId({
  scope,
  name,
}: {
  readonly scope: string;
  readonly name: string;
}): string {
  return `/${scope}/providers/${EXEMPTION_TYPE}/${name}`;
}

function exemptionIn(
  at: { readonly scope: string; readonly name: string },
  properties: JsonObject,
): PolicyExemption {
  const category = textAt(properties, 'exemptionCategory');
  if (category !== 'Waiver' && category !== 'Mitigated') {
    throw new ArmError(
      400,
      'InvalidPolicyExemption',
      `The exemption category '${category ?? ''}' is not valid; it must be Waiver or Mitigated.`,
    );
  }
  const references = properties['policyDefinitionReferenceIds'];
  const expiresOn = textAt(properties, 'expiresOn');
  const displayName = textAt(properties, 'displayName');
  const description = textAt(properties, 'description');
  return {
    id: exemptionId(at),
    name: at.name,
    scope: `/${at.scope}`,
    policyAssignmentId: textAt(properties, 'policyAssignmentId') ?? '',
    policyDefinitionReferenceIds: Array.isArray(references) ? references.map(String) : [],
    exemptionCategory: category,
    expiresAt: expiresOn ? Date.parse(expiresOn) : null,
    ...(displayName ? { displayName } : {}),
    ...(description ? { description } : {}),
    metadata: objectAt(properties, 'metadata'),
  };
}

function exemptionBody(it: PolicyExemption): object {
  const { id, name, policyAssignmentId, policyDefinitionReferenceIds, exemptionCategory } = it;
  const { expiresAt, displayName, description, metadata } = it;
  return {
    properties: {
      policyAssignmentId,
      policyDefinitionReferenceIds,
      exemptionCategory,
      ...(displayName ? { displayName } : {}),
      ...(description ? { description } : {}),
      ...(expiresAt === null ? {} : { expiresOn: eventTime(expiresAt) }),
      metadata,
    },
    id,
    type: EXEMPTION_TYPE,
    name,
  };
}
