/** Who has which role, and where. */
export interface RoleAssignment {
  readonly name: string;
  /** ARM ID without a trailing slash. */
  readonly scope: string;
  readonly principalId: string;
  readonly principalType: string;
  /** The role's GUID. */
  readonly role: string;
  readonly createdAt: number;
  readonly createdBy: string;
  /** The last change; absent when there was none. */
  readonly updated?: { readonly at: number; readonly by: string };
  /** Shown, and not judged. */
  readonly condition?: RoleCondition;
  /** When the whole of Azure knows it; a new assignment takes minutes. */
  readonly effectiveAt: number;
}

/** What a request may change of an assignment that is there. */
export interface RoleCondition {
  readonly condition: string | null;
  readonly conditionVersion: string | null;
  readonly description: string | null;
  readonly delegatedManagedIdentityResourceId: string | null;
}
