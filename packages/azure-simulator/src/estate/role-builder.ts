import { HSM_CRYPTO_OFFICER, HSM_CRYPTO_USER, isHsmRole } from '../authorization/hsm-roles.ts';
import { KEY_VAULT_ADMINISTRATOR, OWNER } from '../authorization/role-definition.ts';
import type { World } from '../world.ts';
import type {
  RoleAssignmentDescription,
  RoleDescription,
  SubscriptionDescription,
} from './estate-description.ts';

/**
 * Who may do what, where. The caller is Owner of all subscriptions until anything else is said, and
 * may do everything with keys too, which no Owner may by that alone.
 */
export class RoleBuilder {
  protected readonly world: World;
  #callerIsDescribed = false;

  constructor(world: World) {
    this.world = world;
    this.grantOwner(`/subscriptions/${world.subscriptionId}`);
  }

  /** Adds a subscription, or names one that is there. */
  addSubscription(subscription: SubscriptionDescription): void {
    this.world.inventory.addSubscription(subscription);
    this.grantOwner(`/subscriptions/${subscription.id}`);
  }

  /** Adds a role of one's own; returns its GUID. */
  addRole({ name: roleName, actions, ...rest }: RoleDescription): string {
    const { roles, hsmRoles, random } = this.world;
    const name = random.guid();
    const { definitions } = isHsmRole(rest) ? hsmRoles : roles;
    definitions.set(name, {
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
    const { roles, hsmRoles, callerId } = this.world;
    const isCaller = principal === 'caller';
    if (isCaller && !this.#callerIsDescribed) {
      for (const store of [roles, hsmRoles]) store.revokeAll(callerId);
      this.#callerIsDescribed = true;
    }
    for (const at of scope ? [scope] : this.#everySubscription()) {
      const store = hsmRoles.role(role) ? hsmRoles : roles;
      store.grant(isCaller ? callerId : principal, role, at);
    }
  }

  /** The caller is Owner here too, as long as nothing else is said of it. */
  protected grantOwner(scope: string): void {
    const { roles, hsmRoles, callerId } = this.world;
    if (this.#callerIsDescribed) return;
    for (const role of [OWNER, KEY_VAULT_ADMINISTRATOR]) roles.grantUndrawn(callerId, role, scope);
    for (const role of [HSM_CRYPTO_USER, HSM_CRYPTO_OFFICER]) {
      hsmRoles.grantUndrawn(callerId, role, scope);
    }
  }

  #everySubscription(): readonly string[] {
    return this.world.inventory.subscriptions().map(({ id }) => `/subscriptions/${id}`);
  }
}
