import type { EstateDescription } from '@keyturn/azure-simulator/estate-description';
import type { GovernanceDescription } from '@keyturn/azure-simulator/governance-description';
import type { Masks } from './mask-names.ts';

/** Management groups, assignments and exemptions under other names; what they tell people goes. */
export function maskGovernance(estate: EstateDescription, masks: Masks): GovernanceDescription {
  const { name } = masks;
  const scope = scopeMask(estate.tenantId, masks);
  return {
    managementGroups: (estate.managementGroups ?? []).map((group) => ({
      name: name(group.name),
      ...(group.parent ? { parent: name(group.parent) } : {}),
      ...(group.subscriptions ? { subscriptions: group.subscriptions.map(masks.guid) } : {}),
    })),
    policyAssignments: (estate.policyAssignments ?? []).map((it) => ({
      name: name(it.name),
      policy: it.policy,
      ...(it.scope ? { scope: scope(it.scope) } : {}),
      ...(it.enforcementMode ? { enforcementMode: it.enforcementMode } : {}),
      ...(it.notScopes ? { notScopes: it.notScopes.map(scope) } : {}),
      ...(it.parameters ? { parameters: maskValues(it.parameters, scope) } : {}),
    })),
    policyExemptions: (estate.policyExemptions ?? []).map((it) => ({
      ...it,
      name: name(it.name),
      assignment: name(it.assignment),
      scope: scope(it.scope),
    })),
  };
}

/** The group at the root has the name of the tenant. */
function scopeMask(tenantId: string | undefined, { id, guid }: Masks): (text: string) => string {
  const root = `/providers/Microsoft.Management/managementGroups/${tenantId}`.toLowerCase();
  return (text) =>
    tenantId && text.toLowerCase() === root
      ? `/providers/Microsoft.Management/managementGroups/${guid(tenantId)}`
      : id(text);
}

/** Of the built-in policies' parameters, IDs alone are names. */
function maskValues(
  values: Readonly<Record<string, unknown>>,
  scope: (text: string) => string,
): Readonly<Record<string, unknown>> {
  const mask = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(mask);
    return typeof value === 'string' && value.startsWith('/') ? scope(value) : value;
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, mask(value)]));
}
