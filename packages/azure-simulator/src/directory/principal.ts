import type { RoleAssignment } from '../authorization/role-assignment.ts';
import type { EncryptionSet } from '../compute/encryption-set.ts';
import type { ManagedIdentity } from '../identity/tokens.ts';

/** Somebody whom roles can be granted to. */
export interface Principal {
  readonly objectId: string;
  /** `null` for what is no application. */
  readonly appId: string | null;
  /** `ServicePrincipal`, `User` or `Group`, as in role assignments. */
  readonly type: string;
  readonly displayName: string;
}

interface Known {
  readonly identity: ManagedIdentity;
  readonly sets: readonly EncryptionSet[];
  readonly assignments: readonly RoleAssignment[];
}

/**
 * Who is in the directory: the managed identity, those of the sets, and whoever has a role.
 *
 * Assumed: an identity that the estate tells nothing of has its object ID as application ID, too.
 */
export function principalsOf({ identity, sets, assignments }: Known): readonly Principal[] {
  const found = new Map<string, Principal>();
  const add = (principal: Principal) => {
    if (!found.has(principal.objectId)) found.set(principal.objectId, principal);
  };
  add({ ...identity, type: 'ServicePrincipal', displayName: 'keyturn' });
  for (const { name, principalIds } of sets) {
    for (const objectId of principalIds) add(servicePrincipal(objectId, name));
  }
  for (const { principalId, principalType } of assignments) {
    if (principalType === 'ServicePrincipal') add(servicePrincipal(principalId, principalId));
    else {
      const displayName = principalId;
      add({ objectId: principalId, appId: null, type: principalType, displayName });
    }
  }
  return [...found.values()];
}

export function servicePrincipal(objectId: string, displayName: string): Principal {
  return { objectId, appId: objectId, type: 'ServicePrincipal', displayName };
}
