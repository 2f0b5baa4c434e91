import { sameId } from '../arm/resource-id.ts';
import type { ManagementGroups } from '../management/management-groups.ts';
import type { JsonObject } from '../resources/json.ts';
import { BUILT_IN_POLICIES } from './built-in-policies.ts';
import { resolved } from './evaluate-rule.ts';
import { valuesFor } from './parameter-values.ts';
import type { PolicyDefinition } from './policy-definition.ts';
import { type Effect, effectNamed } from './policy-rule.ts';

interface PolicySetMember {
  readonly policyDefinitionId: string;
  readonly policyDefinitionReferenceId: string;
  /** Values by name. */
  readonly parameters: JsonObject;
}

export interface PolicySet {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly policies: readonly PolicySetMember[];
}

export interface PolicyAssignment {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly policyDefinitionId: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly enforcementMode: 'Default' | 'DoNotEnforce';
  readonly notScopes: readonly string[];
  /** Values by name. */
  readonly parameters: JsonObject;
  readonly metadata: JsonObject;
  readonly nonComplianceMessages: readonly JsonObject[];
}

export interface PolicyExemption {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly policyAssignmentId: string;
  /** Policies of a set; all of them when empty. */
  readonly policyDefinitionReferenceIds: readonly string[];
  readonly exemptionCategory: 'Waiver' | 'Mitigated';
  /** Milliseconds; `null` without an end. */
  readonly expiresAt: number | null;
  readonly displayName?: string;
  readonly description?: string;
  readonly metadata: JsonObject;
}

/** One definition as it holds somewhere, with the values that it was assigned with. */
export interface AssignedPolicy {
  readonly assignment: PolicyAssignment;
  readonly definition: PolicyDefinition;
  readonly set: PolicySet | undefined;
  readonly referenceId: string | undefined;
  readonly parameters: JsonObject;
  readonly effect: Effect;
}

/** What is allowed, where, and who is exempt. */
export class PolicyStore {
  readonly definitions = new Named<PolicyDefinition>(BUILT_IN_POLICIES);
  readonly sets = new Named<PolicySet>([]);
  readonly assignments = new Named<PolicyAssignment>([]);
  readonly exemptions = new Named<PolicyExemption>([]);
  readonly hierarchy: ManagementGroups;

  constructor(hierarchy: ManagementGroups) {
    this.hierarchy = hierarchy;
  }

  /**
   * The policies that are enforced for a resource: assigned to a scope of it that is not left out,
   * and without an exemption that still holds.
   *
   * Source: "Azure Policy assignment structure"; "Azure Policy exemption structure".
   */
  enforcedAt(resourceId: string): readonly AssignedPolicy[] {
    return this.assignments
      .list()
      .filter(
        ({ scope, notScopes, enforcementMode }) =>
          enforcementMode === 'Default' &&
          this.hierarchy.covers(scope, resourceId) &&
          !notScopes.some((it) => this.hierarchy.covers(it, resourceId)),
      )
      .flatMap((it) => this.#policiesOf(it))
      .filter((it) => it.effect !== 'Disabled' && !this.#isExempt(it, resourceId));
  }

  #policiesOf(assignment: PolicyAssignment): readonly AssignedPolicy[] {
    const set = this.sets.find(assignment.policyDefinitionId);
    const members = set
      ? set.policies.map((it) => ({ ...it, referenceId: it.policyDefinitionReferenceId }))
      : [{ ...assignment, referenceId: undefined }];
    return members.flatMap(({ policyDefinitionId, parameters: values, referenceId }) => {
      const definition = this.definitions.find(policyDefinitionId);
      if (!definition) return [];
      const parameters = valuesFor(definition, values);
      const effect = effectNamed(String(resolved(definition.rule.effect, parameters)));
      return { assignment, definition, set, referenceId, parameters, effect };
    });
  }

  #isExempt({ assignment, referenceId }: AssignedPolicy, resourceId: string): boolean {
    return this.exemptions.list().some((it) => {
      const references = it.policyDefinitionReferenceIds;
      return (
        sameId(it.policyAssignmentId, assignment.id) &&
        this.hierarchy.covers(it.scope, resourceId) &&
        (it.expiresAt === null || it.expiresAt > Date.now()) &&
        (references.length === 0 || references.some((name) => sameId(name, referenceId ?? '')))
      );
    });
  }
}

/** Things by ID, without regard to case. */
class Named<T extends { readonly id: string; readonly name: string }> {
  readonly #all: Map<string, T>;

  constructor(all: readonly T[]) {
    this.#all = new Map(all.map((it) => [it.id.toLowerCase(), it]));
  }

  list(): readonly T[] {
    return [...this.#all.values()];
  }

  find(id: string): T | undefined {
    return this.#all.get(id.toLowerCase());
  }

  put(it: T): T {
    this.#all.set(it.id.toLowerCase(), it);
    return it;
  }

  remove(id: string): boolean {
    return this.#all.delete(id.toLowerCase());
  }
}
