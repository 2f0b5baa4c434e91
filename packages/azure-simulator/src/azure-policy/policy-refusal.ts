import { ArmError } from '../arm/arm-error.ts';
import type { Call } from '../arm/route.ts';
import type { Inventory } from '../resources/inventory.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';
import { changeTags, tagsIn } from '../resources/tags.ts';
import { type EvaluatedExpression, evaluate } from './evaluate-rule.ts';
import { asWritten } from './parameter-values.ts';
import type { AssignedPolicy, PolicyStore } from './policy-store.ts';

const RESOURCE =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/([^/]+\/[^/]+)\/([^/]+)\/?$/i;
const GROUP = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/?$/i;
const TAGS = /\/providers\/Microsoft\.Resources\/tags\/default$/i;
const GROUP_TYPE = 'Microsoft.Resources/subscriptions/resourceGroups';

/** A policy whose rule a body matches, and why. */
export interface Violation {
  readonly policy: AssignedPolicy;
  readonly expressions: readonly EvaluatedExpression[];
}

/**
 * Refuses a resource that a policy denies. Of a change, the resource as it would become counts.
 *
 * Source: "RequestDisallowedByPolicy", with the body that "Enforce job execution on a Hybrid
 * Runbook Worker" shows. A change of tags alone, through the tags of a scope, counts as one of what
 * has them: assumed from Azure/azure-sdk-for-net#33997 and Azure/azure-policy#387.
 *
 * @throws ArmError 403
 */
export function refuseIfDisallowed(call: Call, policies: PolicyStore, inventory: Inventory): void {
  const written = writtenBy(call, inventory);
  if (!written) return;
  const denied = violations(written, policies.enforcedAt(String(written['id'])), 'Deny');
  const [first] = denied;
  if (first) throw disallowed(String(written['name']), [first, ...denied.slice(1)]);
}

/** The policies with an effect that a body matches. */
export function violations(
  body: JsonObject,
  policies: readonly AssignedPolicy[],
  effect: AssignedPolicy['effect'],
): readonly Violation[] {
  const isGroup = String(body['type']).toLowerCase() === GROUP_TYPE.toLowerCase();
  return policies
    .filter((it) => it.effect === effect && !(isGroup && it.definition.mode === 'Indexed'))
    .flatMap((policy) => {
      const { holds, expressions } = evaluate(
        policy.definition.rule.condition,
        body,
        policy.parameters,
      );
      return holds ? [{ policy, expressions }] : [];
    });
}

/** What a policy says is wrong, in its own words or those of whoever assigned it. */
export function messageOf({ assignment, referenceId }: AssignedPolicy): string | undefined {
  const messages = assignment.nonComplianceMessages;
  const own = messages.find((it) => it['policyDefinitionReferenceId'] === referenceId);
  const general = messages.find((it) => it['policyDefinitionReferenceId'] === undefined);
  return textAt(own ?? general, 'message');
}

function writtenBy(call: Call, inventory: Inventory): JsonObject | null {
  const { method, url, body } = call;
  const path = decodeURIComponent(url.pathname).replace(/\/$/, '');
  if (TAGS.test(path)) return taggedBy(call, path.replace(TAGS, ''), inventory);
  if ((method !== 'PUT' && method !== 'PATCH') || !isObject(body)) return null;
  const id = path;
  const [, type, name] = RESOURCE.exec(id) ?? [];
  const [, , group] = GROUP.exec(id) ?? [];
  if (group !== undefined) return { ...body, id, name: group, type: GROUP_TYPE };
  if (type === undefined || name === undefined) return null;
  const known = method === 'PATCH' ? inventory.find(id)?.body() : undefined;
  // Tags are replaced as a whole.
  const tags = isObject(body['tags']) ? { tags: body['tags'] } : {};
  return { ...merged(known ?? {}, body), ...tags, id, name, type };
}

/** What has the tags of a scope, with those that it would get. */
function taggedBy({ method, body }: Call, id: string, inventory: Inventory): JsonObject | null {
  if (method !== 'PUT' && method !== 'PATCH' && method !== 'DELETE') return null;
  const [, subscription = '', group = ''] = GROUP.exec(id) ?? [];
  const ofGroup = group === '' ? undefined : inventory.findGroup({ subscription, group });
  const resource = ofGroup
    ? { id, name: group, type: GROUP_TYPE, location: ofGroup.location, tags: ofGroup.tags }
    : inventory.find(id)?.body();
  if (!resource) return null;
  const given = tagsIn(objectAt(body, 'properties')) ?? {};
  const operation = method === 'PATCH' ? (textAt(body, 'operation') ?? 'Merge') : 'Replace';
  const old = tagsIn(resource) ?? {};
  return { ...resource, tags: changeTags(old, operation, method === 'DELETE' ? {} : given) };
}

/** Source: RFC 7396, except that a resource keeps what is set to `null`: nobody was seen to rely on it. */
function merged(old: object, change: JsonObject): JsonObject {
  const result: Record<string, unknown> = { ...old };
  for (const [name, value] of Object.entries(change)) {
    const before = result[name];
    result[name] = isObject(value) && isObject(before) ? merged(before, value) : value;
  }
  return result;
}

function disallowed(name: string, denied: readonly [Violation, ...Violation[]]): ArmError {
  const reasons = denied.flatMap(({ policy }) => messageOf(policy) ?? []);
  const identifiers = JSON.stringify(denied.map(({ policy }) => identifiersOf(policy)));
  const why =
    reasons.length > 0
      ? `Reasons: '${reasons.join("', '")}'. See error details for policy resource IDs.`
      : `Policy identifiers: '${identifiers}'.`;
  return new ArmError(
    403,
    'RequestDisallowedByPolicy',
    `Resource '${name}' was disallowed by policy. ${why}`,
    {
      target: name,
      additionalInfo: denied.map((it) => ({ type: 'PolicyViolation', info: infoOf(it) })),
      headers: { 'x-ms-failure-cause': 'gateway' },
    },
  );
}

function identifiersOf({ assignment, definition, set }: AssignedPolicy): object {
  const { id, name, displayName = name } = assignment;
  return {
    policyAssignment: { name: displayName, id },
    policyDefinition: {
      name: definition.displayName,
      id: definition.id,
      version: definition.version,
    },
    ...(set ? { policySetDefinition: { name: set.displayName, id: set.id } } : {}),
  };
}

function infoOf({ policy, expressions }: Violation): object {
  const { assignment, definition, set, referenceId, effect } = policy;
  return {
    policyDefinitionDisplayName: definition.displayName,
    ...(set
      ? {
          policySetDefinitionId: set.id,
          policySetDefinitionName: set.name,
          policySetDefinitionDisplayName: set.displayName,
          policyDefinitionReferenceId: referenceId,
        }
      : {}),
    evaluationDetails: { evaluatedExpressions: expressions },
    policyDefinitionId: definition.id,
    policyDefinitionName: definition.name,
    policyDefinitionEffect: effect,
    policyAssignmentId: assignment.id,
    policyAssignmentName: assignment.name,
    policyAssignmentDisplayName: assignment.displayName ?? assignment.name,
    policyAssignmentScope: assignment.scope,
    policyAssignmentParameters: asWritten(assignment.parameters),
  };
}
