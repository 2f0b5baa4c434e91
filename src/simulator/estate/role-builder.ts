import type { World } from '../world.ts';
import type {
  RoleAssignmentDescription,
  RoleDescription,
  SubscriptionDescription,
} from './estate-description.ts';

/** Who may do what, where. The caller is Owner of all subscriptions until anything else is said. */
export class RoleBuilder {
  protected readonly world: World;
  #callerIsDescribed = false;

  constructor(world: World) {
    this.world = world;
    world.roles.grantOwner(world.callerId, `/subscriptions/${world.subscriptionId}`);
  }

  /** Adds a subscription, or names one that is there. */
  addSubscription(subscription: SubscriptionDescription): void {
    this.world.inventory.addSubscription(subscription);
    this.grantOwner(`/subscriptions/${subscription.id}`);
  }

  /** Adds a role of one's own; returns its GUID. */
  addRole({ name: roleName, actions, ...rest }: RoleDescription): string {
    const { roles, random } = this.world;
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
      assignableScopes: this.#everySubscription(),
    });
    return name;
  }

  /** Grants a role; the first one for the caller takes away that it is Owner. */
  addRoleAssignment({ principal, role, scope }: RoleAssignmentDescription): void {
    const { roles, callerId } = this.world;
    const isCaller = principal === 'caller';
    if (isCaller && !this.#callerIsDescribed) {
      roles.revokeAll(callerId);
      this.#callerIsDescribed = true;
    }
    for (const at of scope ? [scope] : this.#everySubscription()) {
      roles.grant(isCaller ? callerId : principal, role, at);
    }
  }

  /** The caller is Owner here too, as long as nothing else is said of it. */
  protected grantOwner(scope: string): void {
    const { roles, callerId } = this.world;
    if (!this.#callerIsDescribed) roles.grantOwner(callerId, scope);
  }

  #everySubscription(): readonly string[] {
    return this.world.inventory.subscriptions().map(({ id }) => `/subscriptions/${id}`);
  }
}
