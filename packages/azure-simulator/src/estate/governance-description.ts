type Json = Readonly<Record<string, unknown>>;

export interface ManagementGroupDescription {
  readonly name: string;
  /** The name when absent. */
  readonly displayName?: string;
  /** Name of the group above; the tenant's root when absent. */
  readonly parent?: string;
  /** IDs or names of the subscriptions that lie directly in it. */
  readonly subscriptions?: readonly string[];
}

/** What nobody may do, whatever was granted, as in the managed groups of services. */
export interface DenyAssignmentDescription {
  readonly name: string;
  /** ARM ID, e.g. of a managed group. */
  readonly scope: string;
  readonly actions: readonly string[];
  readonly notActions?: readonly string[];
  /** Object IDs, or `caller`; everybody when absent. */
  readonly principals?: readonly string[];
  readonly excludePrincipals?: readonly string[];
}

/** A policy definition of one's own, in the words of Azure Policy. */
export interface PolicyDefinitionDescription {
  readonly name: string;
  /** ARM ID of a subscription or a management group; the first subscription when absent. */
  readonly scope?: string;
  readonly displayName?: string;
  /** `Indexed` when absent. */
  readonly mode?: 'All' | 'Indexed';
  readonly parameters?: Json;
  readonly policyRule: Json;
}

/** Several policies that are assigned at once. */
export interface PolicySetDescription {
  readonly name: string;
  /** As of a definition. */
  readonly scope?: string;
  readonly displayName?: string;
  readonly policies: readonly {
    /** Name or ID of a definition. */
    readonly policy: string;
    readonly referenceId: string;
    /** Values by name; `[parameters('x')]` is not known here. */
    readonly parameters?: Json;
  }[];
}

export interface PolicyAssignmentDescription {
  readonly name: string;
  /** Name or ID of a definition, a built-in one too, or of a set. */
  readonly policy: string;
  /** ARM ID; the first subscription when absent. */
  readonly scope?: string;
  readonly displayName?: string;
  readonly enforcementMode?: 'Default' | 'DoNotEnforce';
  readonly notScopes?: readonly string[];
  /** Values by name. */
  readonly parameters?: Json;
  /** What those are told whose request is disallowed. */
  readonly message?: string;
}

export interface PolicyExemptionDescription {
  readonly name: string;
  /** Name of the assignment. */
  readonly assignment: string;
  /** ARM ID of what is exempt. */
  readonly scope: string;
  /** `Waiver` when absent. */
  readonly category?: 'Waiver' | 'Mitigated';
  /** Negative for one that has expired; without an end when absent. */
  readonly expiresInDays?: number;
  /** Which policies of a set; all when absent. */
  readonly referenceIds?: readonly string[];
}

/** Who governs: the tree above subscriptions, and what is said there. */
export interface GovernanceDescription {
  readonly managementGroups?: readonly ManagementGroupDescription[];
  readonly denyAssignments?: readonly DenyAssignmentDescription[];
  readonly policyDefinitions?: readonly PolicyDefinitionDescription[];
  readonly policySets?: readonly PolicySetDescription[];
  readonly policyAssignments?: readonly PolicyAssignmentDescription[];
  readonly policyExemptions?: readonly PolicyExemptionDescription[];
}
