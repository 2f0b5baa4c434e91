import { sameId } from '../arm/resource-id.ts';
import type { Random } from '../random.ts';
import { type DenyAssignment, denies } from './deny-assignment.ts';
import type { RoleAssignment } from './role-assignment.ts';
import {
  BUILT_IN_ROLES,
  CRYPTO_SERVICE_USER,
  permits,
  type RoleDefinition,
} from './role-definition.ts';

/** What is said at a scope holds for all below it, management groups and all. */
interface Hierarchy {
  covers(scope: string, at: string): boolean;
}

interface Surroundings {
  readonly random: Random;
  readonly speed: number;
  readonly hierarchy: Hierarchy;
  /** Azure's own ones when absent. */
  readonly builtIn?: readonly RoleDefinition[];
}

/** Who may do what, where. */
export class RoleStore {
  readonly definitions: Map<string, RoleDefinition>;
  readonly #assignments = new Map<string, RoleAssignment>();
  readonly denyAssignments: DenyAssignment[] = [];
  readonly hierarchy: Hierarchy;
  readonly #random: Random;
  readonly #speed: number;

  constructor({ random, speed, hierarchy, builtIn = BUILT_IN_ROLES }: Surroundings) {
    this.definitions = new Map(builtIn.map((role) => [role.name, role]));
    this.#random = random;
    this.#speed = speed;
    this.hierarchy = hierarchy;
  }

  /**
   * How long a new assignment takes to be known everywhere: 20 s to 3 min are assumed; the
   * documents say up to ten minutes, and five when it is made.
   */
  propagationMs(): number {
    return Math.round((20_000 + 160_000 * this.#random.next() ** 2) / this.#speed);
  }

  get assignments(): readonly RoleAssignment[] {
    return [...this.#assignments.values()];
  }

  find(scope: string, name: string): RoleAssignment | undefined {
    return this.#assignments.get(keyOf(scope, name));
  }

  /** A role by GUID or by its name, e.g. `Reader`. */
  role(nameOrGuid: string): RoleDefinition | undefined {
    const wanted = nameOrGuid.toLowerCase();
    return [...this.definitions.values()].find(
      ({ name, roleName }) => name === wanted || roleName.toLowerCase() === wanted,
    );
  }

  add(assignment: RoleAssignment): RoleAssignment {
    this.#assignments.set(keyOf(assignment.scope, assignment.name), assignment);
    return assignment;
  }

  remove({ scope, name }: RoleAssignment): void {
    this.#assignments.delete(keyOf(scope, name));
  }

  /** Grants a role as if it had been granted long ago. */
  grant(principalId: string, role: string, scope: string): RoleAssignment {
    const found = this.role(role);
    if (!found) throw new Error(`no such role: ${role}`);
    return this.#grantAs(this.#random.guid(), principalId, found.name, scope);
  }

  /** Named after the role, by GUID, and the principal, so that no identifier is drawn for it. */
  grantUndrawn(principalId: string, role: string, scope: string): void {
    this.#grantAs(`${role.slice(0, 8)}${principalId.slice(8)}`, principalId, role, scope);
  }

  /** What the identity of an encryption set needs of a vault. */
  grantKeys(principalId: string, scope: string): void {
    this.grantUndrawn(principalId, CRYPTO_SERVICE_USER, scope);
  }

  #grantAs(name: string, principalId: string, role: string, scope: string): RoleAssignment {
    return this.add({
      name,
      scope,
      principalId,
      principalType: 'ServicePrincipal',
      role,
      createdAt: Date.now(),
      createdBy: '',
      effectiveAt: 0,
    });
  }

  /** Takes every role from a principal. */
  revokeAll(principalId: string): void {
    for (const it of this.assignments) if (it.principalId === principalId) this.remove(it);
  }

  /** Whether a principal has any role at a scope, above or below: then it knows of the scope. */
  hasRoleAround(principalId: string, scope: string): boolean {
    return this.assignments.some(
      (it) =>
        it.principalId === principalId &&
        it.effectiveAt <= Date.now() &&
        (this.hierarchy.covers(it.scope, scope) || this.hierarchy.covers(scope, it.scope)),
    );
  }

  /** What a principal was granted at a scope, or above it. */
  rolesAt(principalId: string, scope: string): readonly RoleDefinition[] {
    const roles: RoleDefinition[] = [];
    for (const it of this.#assignments.values()) {
      if (it.principalId !== principalId || it.effectiveAt > Date.now()) continue;
      const role = this.definitions.get(it.role);
      if (role && this.hierarchy.covers(it.scope, scope)) roles.push(role);
    }
    return roles;
  }

  /** The deny assignment that takes an action from a principal at a scope, whatever was granted. */
  denial(principalId: string, action: string, scope: string): DenyAssignment | undefined {
    return this.denyAssignments.find(
      (it) =>
        this.hierarchy.covers(it.scope, scope) &&
        !(it.doNotApplyToChildScopes && !sameId(it.scope, scope)) &&
        denies(it, principalId, action),
    );
  }

  allows(
    principalId: string,
    action: string,
    scope: string,
    plane: 'actions' | 'dataActions' = 'actions',
  ): boolean {
    const denied = plane === 'actions' && this.denial(principalId, action, scope) !== undefined;
    return !denied && this.isGranted(principalId, action, scope, plane);
  }

  /** Whether a role has the right, a deny assignment aside. */
  isGranted(
    principalId: string,
    action: string,
    scope: string,
    plane: 'actions' | 'dataActions' = 'actions',
  ): boolean {
    return this.rolesAt(principalId, scope).some((role) => permits(role, action, plane));
  }
}

function keyOf(scope: string, name: string): string {
  return `${scope}|${name}`.toLowerCase();
}
