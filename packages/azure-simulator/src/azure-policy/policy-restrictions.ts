import { isObject, type JsonObject } from '../resources/json.ts';
import { resolved } from './evaluate-rule.ts';
import { tagIn, withField } from './policy-field.ts';
import { messageOf, type Violation, violations } from './policy-refusal.ts';
import type { Condition, FieldCondition } from './policy-rule.ts';
import type { AssignedPolicy } from './policy-store.ts';

/** A field of which is asked what it may be; with the values that are considered, or none. */
export interface PendingField {
  readonly field: string;
  readonly values: readonly string[];
}

interface Question {
  readonly content: JsonObject;
  readonly pending: readonly PendingField[];
  readonly policies: readonly AssignedPolicy[];
  readonly includeAudit: boolean;
  /** Whether effects and reasons are told: since 2023-03-01. */
  readonly tellsEffects: boolean;
}

interface Restriction {
  readonly result: 'Required' | 'Deny' | 'Audit';
  readonly values?: readonly string[];
}

/**
 * What policies will do to a resource of which only a part is known.
 *
 * Source: REST reference, Policy Insights, Check Policy Restrictions. The content counts as it is;
 * a field is restricted by a policy that would match the content with one of its values, and does
 * not with another.
 */
export function restrictionsOf(question: Question): object {
  const { content, policies, includeAudit } = question;
  const found = [
    ...violations(content, policies, 'Deny'),
    ...(includeAudit ? violations(content, policies, 'Audit') : []),
  ];
  return {
    fieldRestrictions: fieldsAskedFor(question).flatMap((it) => restrictionsOfField(it, question)),
    contentEvaluationResult: { policyEvaluations: found.map((it) => evaluationBody(it, question)) },
  };
}

function evaluationBody({ policy, expressions }: Violation, { tellsEffects }: Question): object {
  const reason = messageOf(policy);
  return {
    policyInfo: referenceOf(policy),
    evaluationResult: 'NonCompliant',
    evaluationDetails: {
      evaluatedExpressions: expressions,
      ...(tellsEffects && reason ? { reason } : {}),
    },
    ...(tellsEffects ? { effectDetails: { policyEffect: policy.effect } } : {}),
  };
}

/** `tags` stands for every tag that a policy names. */
function fieldsAskedFor({ pending, policies }: Question): readonly PendingField[] {
  const tags = policies
    .flatMap(({ definition }) => fieldsIn(definition.rule.condition))
    .filter(({ field }) => tagIn(field) !== null)
    .map(({ field }) => `tags.${tagIn(field)}`);
  return pending.flatMap((it) =>
    it.field.toLowerCase() === 'tags'
      ? [...new Set(tags)].map((field) => ({ field, values: [] }))
      : [it],
  );
}

function restrictionsOfField(pending: PendingField, question: Question): readonly object[] {
  const { policies, includeAudit, tellsEffects } = question;
  const asked = policies.filter(({ effect }) => effect === 'Deny' || includeAudit);
  const restrictions = asked.flatMap((policy) => {
    const reason = messageOf(policy);
    return restrictionsBy(policy, pending, question.content).map((it) => ({
      ...it,
      policy: referenceOf(policy),
      ...(tellsEffects ? { policyEffect: policy.effect, ...(reason ? { reason } : {}) } : {}),
    }));
  });
  return restrictions.length > 0 ? [{ field: pending.field, restrictions }] : [];
}

function restrictionsBy(
  policy: AssignedPolicy,
  { field, values }: PendingField,
  content: JsonObject,
): readonly Restriction[] {
  const about = fieldsIn(policy.definition.rule.condition).filter((it) => sameField(it, field));
  const refuses = (value: string | undefined) =>
    violations(withField(content, field, value), [policy], policy.effect).length > 0;
  if (about.length === 0) return [];
  const result = policy.effect === 'Audit' ? 'Audit' : 'Deny';
  if (values.length > 0) {
    const refused = values.filter(refuses);
    return refused.length > 0 ? [{ result, values: refused }] : [];
  }
  const named = about.flatMap((it) => textsOf(it, policy.parameters));
  const allowed = named.filter((value) => !refuses(value));
  if (refuses(undefined)) {
    const isFree = about.some(({ operator }) => operator === 'exists') && named.length === 0;
    // Where no value helps, the policy is not about this field.
    if (!isFree && allowed.length === 0) return [];
    return [{ result: 'Required', ...(isFree ? {} : { values: allowed }) }];
  }
  const refused = named.filter(refuses);
  return refused.length > 0 ? [{ result, values: refused }] : [];
}

function fieldsIn(condition: Condition): readonly FieldCondition[] {
  if (condition.kind === 'field') return [condition];
  if (condition.kind === 'not') return fieldsIn(condition.of);
  return condition.of.flatMap(fieldsIn);
}

function sameField({ field }: FieldCondition, other: string): boolean {
  const tag = tagIn(other);
  if (tag !== null) return tagIn(field)?.toLowerCase() === tag.toLowerCase();
  return field.toLowerCase() === other.toLowerCase();
}

/** The values that a comparison names, `exists` and patterns aside. */
function textsOf({ operator, target }: FieldCondition, parameters: JsonObject): readonly string[] {
  if (!/^(not)?(equals|in)$/i.test(operator)) return [];
  return [resolved(target, parameters)]
    .flat()
    .filter((it) => !isObject(it))
    .map(String);
}

function referenceOf({ assignment, definition, set, referenceId }: AssignedPolicy): object {
  return {
    policyDefinitionId: definition.id,
    ...(set ? { policySetDefinitionId: set.id, policyDefinitionReferenceId: referenceId } : {}),
    policyAssignmentId: assignment.id,
  };
}
