import { EVERYBODY } from '../authorization/deny-assignment.ts';
import { assignmentIn, checkAssignment } from '../azure-policy/assignment-routes.ts';
import { customPolicy } from '../azure-policy/definition-routes.ts';
import { exemptionId } from '../azure-policy/exemption-routes.ts';
import { asWritten } from '../azure-policy/parameter-values.ts';
import { managementGroupId } from '../management/management-groups.ts';
import type {
  DenyAssignmentDescription,
  ManagementGroupDescription,
  PolicyAssignmentDescription,
  PolicyDefinitionDescription,
  PolicyExemptionDescription,
  PolicySetDescription,
} from './governance-description.ts';
import { RoleBuilder } from './role-builder.ts';

const DAY_MS = 86_400_000;

/** The tree above subscriptions, policies, and what nobody may do. */
export class GovernanceBuilder extends RoleBuilder {
  addManagementGroup(description: ManagementGroupDescription): string {
    const { name, displayName = name, subscriptions = [] } = description;
    const { managementGroups: groups, inventory } = this.world;
    this.grantOwner(managementGroupId(groups.root.name));
    groups.add({ name, displayName, parent: description.parent ?? groups.root.name });
    for (const idOrName of subscriptions) {
      const found = inventory.findSubscription(idOrName);
      if (!found) throw new Error(`no such subscription: ${idOrName}`);
      groups.place(found.id, name);
    }
    return managementGroupId(name);
  }

  addDenyAssignment(description: DenyAssignmentDescription): void {
    const { name, scope, actions, notActions = [] } = description;
    const { roles, random, callerId } = this.world;
    const idsOf = (all: readonly string[]) => all.map((it) => (it === 'caller' ? callerId : it));
    roles.denyAssignments.push({
      name: random.guid(),
      displayName: name,
      scope,
      doNotApplyToChildScopes: false,
      actions,
      notActions,
      principals: idsOf(description.principals ?? [EVERYBODY]),
      excludePrincipals: idsOf(description.excludePrincipals ?? []),
    });
  }

  addPolicyDefinition({ name, scope, ...properties }: PolicyDefinitionDescription): string {
    const at = { scope: this.#scope(scope), name };
    return this.world.policies.definitions.put(customPolicy(at, { properties })).id;
  }

  addPolicySet({ name, scope, displayName = name, policies }: PolicySetDescription): string {
    return this.world.policies.sets.put({
      id: `/${this.#scope(scope)}/providers/Microsoft.Authorization/policySetDefinitions/${name}`,
      name,
      displayName,
      policies: policies.map(({ policy, referenceId, parameters = {} }) => ({
        policyDefinitionId: this.#policyId(policy),
        policyDefinitionReferenceId: referenceId,
        parameters,
      })),
    }).id;
  }

  addPolicyAssignment(description: PolicyAssignmentDescription): string {
    const { name, policy, scope, parameters = {}, message, ...properties } = description;
    const { policies } = this.world;
    const made = assignmentIn(
      { scope: this.#scope(scope), name },
      {
        ...properties,
        policyDefinitionId: this.#policyId(policy),
        parameters: asWritten(parameters),
        nonComplianceMessages: message ? [{ message }] : [],
      },
    );
    checkAssignment(made, policies);
    return policies.assignments.put(made).id;
  }

  addPolicyExemption(description: PolicyExemptionDescription): string {
    const { name, assignment, scope, category = 'Waiver', referenceIds = [] } = description;
    const { policies } = this.world;
    const { expiresInDays } = description;
    const found = policies.assignments.list().find((it) => it.name === assignment);
    if (!found) throw new Error(`no such policy assignment: ${assignment}`);
    return policies.exemptions.put({
      id: exemptionId({ scope: scope.slice(1), name }),
      name,
      scope,
      policyAssignmentId: found.id,
      policyDefinitionReferenceIds: referenceIds,
      exemptionCategory: category,
      expiresAt: expiresInDays === undefined ? null : Date.now() + expiresInDays * DAY_MS,
      metadata: {},
    }).id;
  }

  /** Without the slash that it begins with, as paths give it. */
  #scope(scope: string | undefined): string {
    return scope?.slice(1) ?? `subscriptions/${this.world.subscriptionId}`;
  }

  #policyId(nameOrId: string): string {
    const { definitions, sets } = this.world.policies;
    const all = [...definitions.list(), ...sets.list()];
    const found = all.find(({ id, name }) => id === nameOrId || name === nameOrId);
    if (!found) throw new Error(`no such policy: ${nameOrId}`);
    return found.id;
  }
}
