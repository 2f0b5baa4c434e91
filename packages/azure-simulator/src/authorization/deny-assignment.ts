import { permits } from './role-definition.ts';

export const EVERYBODY = '00000000-0000-0000-0000-000000000000';

/** Takes actions away, whatever was granted. Only Azure's own services make one. */
export interface DenyAssignment {
  /** The GUID. */
  readonly name: string;
  readonly displayName: string;
  /** ARM ID without a trailing slash. */
  readonly scope: string;
  readonly doNotApplyToChildScopes: boolean;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  /** Object IDs; `EVERYBODY` is one. */
  readonly principals: readonly string[];
  readonly excludePrincipals: readonly string[];
}

/** Source: "Understand Azure deny assignments". */
export function denies(
  { actions, notActions, principals, excludePrincipals }: DenyAssignment,
  principalId: string,
  action: string,
): boolean {
  if (excludePrincipals.includes(principalId)) return false;
  if (!principals.includes(EVERYBODY) && !principals.includes(principalId)) return false;
  return permits({ actions, notActions, dataActions: [], notDataActions: [] }, action, 'actions');
}
