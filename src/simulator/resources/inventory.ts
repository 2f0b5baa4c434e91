import { groupNotFound, resourceNotFound, subscriptionNotFound } from '../arm/arm-error.ts';
import { parseResourceId, sameId } from '../arm/resource-id.ts';
import type { ResourceRecord } from './resource.ts';

export interface ResourceGroup {
  readonly name: string;
  readonly location: string;
  readonly managedBy: string | undefined;
  tags: Readonly<Record<string, string>> | undefined;
}

interface Address {
  readonly subscription: string;
  readonly group: string;
}

/** All resources of the subscription by ID, and its resource groups by name. */
export class Inventory {
  readonly subscriptionId: string;
  readonly #groups = new Map<string, ResourceGroup>();
  readonly #resources = new Map<string, ResourceRecord>();
  readonly #collections: Collection<ResourceRecord>[] = [];

  constructor(subscriptionId: string) {
    this.subscriptionId = subscriptionId;
  }

  addGroup(group: ResourceGroup): void {
    this.#groups.set(group.name.toLowerCase(), group);
  }

  /** Told by each collection of itself, so that a group can be emptied. */
  register(collection: Collection<ResourceRecord>): void {
    this.#collections.push(collection);
  }

  /** Takes a group away with all that is in it. */
  removeGroup(name: string): void {
    for (const collection of this.#collections) {
      for (const { id } of collection.list(name)) collection.remove(id);
    }
    this.#groups.delete(name.toLowerCase());
  }

  groups(): readonly ResourceGroup[] {
    return [...this.#groups.values()];
  }

  findGroup(name: string): ResourceGroup | undefined {
    return this.#groups.get(name.toLowerCase());
  }

  /** @throws ArmError 404 as the resource manager does before it asks a provider. */
  requireGroup({ subscription, group }: Address): ResourceGroup {
    this.requireSubscription(subscription);
    const found = this.findGroup(group);
    if (!found) throw groupNotFound(group);
    return found;
  }

  requireSubscription(subscription: string): void {
    if (!sameId(subscription, this.subscriptionId)) throw subscriptionNotFound(subscription);
  }

  add(resource: ResourceRecord): void {
    this.#resources.set(resource.id.toLowerCase(), resource);
  }

  remove(id: string): void {
    this.#resources.delete(id.toLowerCase());
  }

  find(id: string): ResourceRecord | undefined {
    return this.#resources.get(id.toLowerCase());
  }

  all(): readonly ResourceRecord[] {
    return [...this.#resources.values()];
  }
}

/** The resources of one type, with their own class. */
export class Collection<T extends ResourceRecord> {
  readonly type: string;
  readonly inventory: Inventory;
  readonly #members = new Map<string, T>();
  /** Kept between changes: each page of a long list begins with it. */
  #all: readonly T[] | null = null;

  constructor(type: string, inventory: Inventory) {
    this.type = type;
    this.inventory = inventory;
    inventory.register(this);
  }

  idOf({ subscription, group }: Address, name: string): string {
    return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${this.type}/${name}`;
  }

  add(member: T): T {
    this.#members.set(member.id.toLowerCase(), member);
    this.#all = null;
    this.inventory.add(member);
    return member;
  }

  remove(id: string): void {
    this.#members.delete(id.toLowerCase());
    this.#all = null;
    this.inventory.remove(id);
  }

  find(id: string): T | undefined {
    return this.#members.get(id.toLowerCase());
  }

  /** @throws ArmError 404 for a subscription, group or resource that is not there. */
  require(address: Address, name: string): T {
    this.inventory.requireGroup(address);
    const found = this.find(this.idOf(address, name));
    if (!found) throw resourceNotFound(this.type, name, address.group);
    return found;
  }

  /** All, or those of one group. */
  list(group?: string): readonly T[] {
    this.#all ??= [...this.#members.values()];
    if (group === undefined) return this.#all;
    return this.#all.filter(({ id }) => sameId(parseResourceId(id)?.group ?? '', group));
  }
}
