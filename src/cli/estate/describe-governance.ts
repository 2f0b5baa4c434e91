import { BUILT_IN_POLICIES } from '@keyturn/azure-simulator/built-in-policies';
import type {
  GovernanceDescription,
  ManagementGroupDescription,
  PolicyAssignmentDescription,
  PolicyExemptionDescription,
} from '@keyturn/azure-simulator/governance-description';
import type { Resource } from '../../azure/arm/pages.ts';
import type { Subscription } from '../../azure/resources/read-subscription.ts';
import { at, daysUntil, known, lastOf, listAt, textAt } from './json.ts';
import { uniqueNames } from './names.ts';

const SIMULATED = new Set(BUILT_IN_POLICIES.map(({ name }) => name));

/** The groups above a subscription, and what is assigned there of the policies about keys of disks. */
export function describeGovernance(
  read: Pick<
    Subscription,
    'subscriptionId' | 'tenantId' | 'container' | 'policyAssignments' | 'policyExemptions'
  >,
  nowMs: number,
): GovernanceDescription {
  const assignments = read.policyAssignments.filter((it) => SIMULATED.has(policyOf(it)));
  const names = uniqueNames(assignments);
  return {
    managementGroups: describeGroups(read),
    policyAssignments: assignments.map((it) => describeAssignment(it, names(it.id) ?? '')),
    policyExemptions: read.policyExemptions.flatMap((it) => {
      const assignment = names(textAt(it, 'properties.policyAssignmentId'));
      return assignment ? [describeExemption(it, assignment, nowMs)] : [];
    }),
  };
}

/** The tenant's root is always there. Source: Resource Graph, `managementGroupAncestorsChain`. */
function describeGroups({
  subscriptionId,
  tenantId,
  container,
}: Pick<
  Subscription,
  'subscriptionId' | 'tenantId' | 'container'
>): readonly ManagementGroupDescription[] {
  const chain = listAt(container, 'properties.managementGroupAncestorsChain')
    .map((it) => textAt(it, 'name'))
    .filter((name) => name !== undefined && name !== tenantId);
  return chain.flatMap((name, index) => {
    if (name === undefined) return [];
    const parent = chain[index + 1];
    const subscriptions = index === 0 ? [subscriptionId] : undefined;
    return [{ name, ...known({ parent, subscriptions }) }];
  });
}

function describeAssignment(assignment: Resource, name: string): PolicyAssignmentDescription {
  const enforced = textAt(assignment, 'properties.enforcementMode') !== 'DoNotEnforce';
  const notScopes = listAt(assignment, 'properties.notScopes').map(String);
  const given = Object.entries(at(assignment, 'properties.parameters') ?? {});
  const [message] = listAt(assignment, 'properties.nonComplianceMessages');
  return {
    name,
    policy: policyOf(assignment),
    scope: scopeOf(assignment),
    ...known({
      displayName: textAt(assignment, 'properties.displayName'),
      enforcementMode: enforced ? undefined : ('DoNotEnforce' as const),
      notScopes: notScopes.length > 0 ? notScopes : undefined,
      parameters:
        given.length > 0
          ? Object.fromEntries(given.map(([parameter, it]) => [parameter, at(it, 'value')]))
          : undefined,
      message: textAt(message, 'message'),
    }),
  };
}

function describeExemption(
  exemption: Resource,
  assignment: string,
  nowMs: number,
): PolicyExemptionDescription {
  const category = textAt(exemption, 'properties.exemptionCategory');
  const expiresAtMs = Date.parse(textAt(exemption, 'properties.expiresOn') ?? '');
  const referenceIds = listAt(exemption, 'properties.policyDefinitionReferenceIds').map(String);
  return {
    name: lastOf(exemption.id),
    assignment,
    scope: scopeOf(exemption),
    category: category === 'Mitigated' ? 'Mitigated' : 'Waiver',
    ...known({
      expiresInDays: Number.isFinite(expiresAtMs) ? daysUntil(expiresAtMs, nowMs) : undefined,
      referenceIds: referenceIds.length > 0 ? referenceIds : undefined,
    }),
  };
}

function policyOf(assignment: Resource): string {
  return lastOf(textAt(assignment, 'properties.policyDefinitionId') ?? '').toLowerCase();
}

function scopeOf({ id }: Resource): string {
  return id.replace(/\/providers\/Microsoft\.Authorization\/[^/]+\/[^/]+$/i, '');
}
