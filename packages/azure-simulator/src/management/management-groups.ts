import { sameId, startsWithId } from '../arm/resource-id.ts';

export const MANAGEMENT_GROUP_TYPE = 'Microsoft.Management/managementGroups';

export interface ManagementGroup {
  readonly name: string;
  readonly displayName: string;
  /** Name of the group above; `null` for the tenant's root. */
  readonly parent: string | null;
}

/**
 * The tree above the subscriptions. What is granted or assigned at a group holds for all below it.
 *
 * Source: "What are Azure management groups?": the root has the name of the tenant, and what is
 * placed nowhere else lies directly below it.
 */
export class ManagementGroups {
  readonly root: ManagementGroup;
  readonly #groups = new Map<string, ManagementGroup>();
  /** Names of groups by ID of the subscription. */
  readonly #homes = new Map<string, string>();

  constructor(tenantId: string) {
    this.root = { name: tenantId, displayName: 'Tenant Root Group', parent: null };
    this.add(this.root);
  }

  add(group: ManagementGroup): void {
    this.#groups.set(group.name.toLowerCase(), group);
  }

  place(subscription: string, group: string): void {
    this.#homes.set(subscription.toLowerCase(), group);
  }

  list(): readonly ManagementGroup[] {
    return [...this.#groups.values()];
  }

  find(name: string): ManagementGroup | undefined {
    return this.#groups.get(name.toLowerCase());
  }

  groupOf(subscription: string): ManagementGroup {
    return this.find(this.#homes.get(subscription.toLowerCase()) ?? '') ?? this.root;
  }

  below(name: string): readonly ManagementGroup[] {
    return this.list().filter(({ parent }) => parent !== null && sameId(parent, name));
  }

  /** The groups above a subscription, a group or anything in them, the nearest first. */
  above(id: string): readonly ManagementGroup[] {
    const [, subscription] = /^\/subscriptions\/([^/]+)/i.exec(id) ?? [];
    const first = subscription ? this.groupOf(subscription) : this.#parentOf(nameIn(id));
    const found: ManagementGroup[] = [];
    for (let group = first; group; group = this.#parentOf(group.name)) found.push(group);
    return found;
  }

  /** Whether what is said at a scope holds at another one: at the same, or below. */
  covers(scope: string, at: string): boolean {
    if (scope === '/' || startsWithId(at, scope)) return true;
    return this.above(at).some(({ name }) => sameId(managementGroupId(name), scope));
  }

  #parentOf(name: string | undefined): ManagementGroup | undefined {
    const parent = name === undefined ? null : (this.find(name)?.parent ?? null);
    return parent === null ? undefined : this.find(parent);
  }
}

export function managementGroupId(name: string): string {
  return `/providers/${MANAGEMENT_GROUP_TYPE}/${name}`;
}

function nameIn(id: string): string | undefined {
  return /^\/providers\/Microsoft\.Management\/managementGroups\/([^/]+)/i.exec(id)?.[1];
}
