import type { World } from '../world.ts';
import type { RoleAssignmentDescription, RoleDescription } from './estate-description.ts';

/** Who may do what. The caller is Owner of the subscription until anything else is said. */
export class RoleBuilder {
  protected readonly world: World;
  #callerIsDescribed = false;

  constructor(world: World) {
    this.world = world;
    world.roles.grantOwner(world.callerId, world.subscriptionId);
  }

  /** Adds a role of one's own; returns its GUID. */
  addRole({ name: roleName, actions, ...rest }: RoleDescription): string {
    const { roles, random, subscriptionId } = this.world;
    const name = random.guid();
    roles.definitions.set(name, {
      name,
      roleName,
      description: '',
      type: 'CustomRole',
      actions,
      notActions: rest.notActions ?? [],
      dataActions: rest.dataActions ?? [],
      notDataActions: [],
      assignableScopes: [`/subscriptions/${subscriptionId}`],
    });
    return name;
  }

  /** Grants a role; the first one for the caller takes away that it is Owner. */
  addRoleAssignment({ principal, role, scope }: RoleAssignmentDescription): void {
    const { roles, callerId, subscriptionId } = this.world;
    const isCaller = principal === 'caller';
    if (isCaller && !this.#callerIsDescribed) {
      roles.revokeAll(callerId);
      this.#callerIsDescribed = true;
    }
    roles.grant(isCaller ? callerId : principal, role, scope ?? `/subscriptions/${subscriptionId}`);
  }
}
