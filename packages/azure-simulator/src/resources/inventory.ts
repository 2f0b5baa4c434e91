import { groupNotFound, resourceNotFound, subscriptionNotFound } from '../arm/arm-error.ts';
import { parseResourceId, sameId } from '../arm/resource-id.ts';
import type { ResourceRecord } from './resource.ts';

/** Source: REST reference, Subscriptions - Get. */
export const SUBSCRIPTION_STATES = ['Enabled', 'PastDue', 'Warned', 'Disabled', 'Deleted'] as const;

export type SubscriptionState = (typeof SUBSCRIPTION_STATES)[number];

export interface Subscription {
  readonly id: string;
  readonly name: string;
  /** `Enabled` when absent. */
  readonly state?: SubscriptionState;
  tags?: Readonly<Record<string, string>> | undefined;
}

export interface ResourceGroup {
  /** ID of its subscription. */
  readonly subscription: string;
  readonly name: string;
  readonly location: string;
  readonly managedBy: string | undefined;
  tags: Readonly<Record<string, string>> | undefined;
}

export interface Address {
  readonly subscription: string;
  readonly group: string;
}

/** A subscription, or one of its groups. */
export interface Place {
  readonly subscription: string;
  readonly group?: string;
}

/** All resources of all subscriptions by ID, and their resource groups. */
export class Inventory {
  /** The first subscription: where things are unless another one is named. */
  readonly subscriptionId: string;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #groups = new Map<string, ResourceGroup>();
  readonly #resources = new Map<string, ResourceRecord>();
  readonly #collections: Pick<Collection<ResourceRecord>, 'list' | 'remove'>[] = [];

  constructor(first: Subscription) {
    this.subscriptionId = first.id;
    this.addSubscription(first);
  }

  /** Adds a subscription, or names one that is there. */
  addSubscription(subscription: Subscription): void {
    this.#subscriptions.set(subscription.id.toLowerCase(), subscription);
  }

  subscriptions(): readonly Subscription[] {
    return [...this.#subscriptions.values()];
  }

  /** A subscription by ID or by name. */
  findSubscription(idOrName: string): Subscription | undefined {
    return (
      this.#subscriptions.get(idOrName.toLowerCase()) ??
      this.subscriptions().find(({ name }) => name === idOrName)
    );
  }

  addGroup(group: ResourceGroup): void {
    this.#groups.set(keyOf({ subscription: group.subscription, group: group.name }), group);
  }

  /** Told by each collection of itself, so that a group can be emptied. */
  register(collection: Pick<Collection<ResourceRecord>, 'list' | 'remove'>): void {
    this.#collections.push(collection);
  }

  /** Takes a group away with all that is in it. */
  removeGroup(address: Address): void {
    for (const collection of this.#collections) {
      for (const { id } of collection.list(address)) collection.remove(id);
    }
    this.#groups.delete(keyOf(address));
  }

  /** All, or those of one subscription. */
  groups(subscription?: string): readonly ResourceGroup[] {
    const all = [...this.#groups.values()];
    if (subscription === undefined) return all;
    return all.filter((group) => sameId(group.subscription, subscription));
  }

  findGroup(address: Address): ResourceGroup | undefined {
    return this.#groups.get(keyOf(address));
  }

  /** @throws ArmError 404 as the resource manager does before it asks a provider. */
  requireGroup(address: Address): ResourceGroup {
    this.requireSubscription(address.subscription);
    const found = this.findGroup(address);
    if (!found) throw groupNotFound(address.group);
    return found;
  }

  /** @throws ArmError 404 */
  requireSubscription(subscription: string): Subscription {
    const found = this.#subscriptions.get(subscription.toLowerCase());
    if (!found) throw subscriptionNotFound(subscription);
    return found;
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
  /** Told of each that goes, by itself or with its group. */
  onRemove: (member: T) => void = () => {};
  readonly #members = new Map<string, T>();
  /** Lists by place, kept between changes: each page of a long list begins with one. */
  readonly #lists = new Map<string, readonly T[]>();

  constructor(type: string, inventory: Inventory) {
    this.type = type;
    this.inventory = inventory;
    inventory.register(this);
  }

  get size(): number {
    return this.#members.size;
  }

  idOf({ subscription, group }: Address, name: string): string {
    return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${this.type}/${name}`;
  }

  add(member: T): T {
    this.#members.set(member.id.toLowerCase(), member);
    this.#lists.clear();
    this.inventory.add(member);
    return member;
  }

  remove(id: string): void {
    const member = this.find(id);
    if (!member) return;
    this.#members.delete(id.toLowerCase());
    this.#lists.clear();
    this.inventory.remove(id);
    this.onRemove(member);
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

  /** All, or those of one subscription or group. */
  list(place?: Place): readonly T[] {
    const key = place ? keyOf(place) : '';
    const known = this.#lists.get(key);
    if (known) return known;
    const all = [...this.#members.values()];
    const found = place ? all.filter(({ id }) => isIn(id, place)) : all;
    this.#lists.set(key, found);
    return found;
  }
}

function keyOf({ subscription, group = '' }: Place): string {
  return `${subscription}/${group}`.toLowerCase();
}

/** Whether a resource lies in a subscription or group. */
function isIn(id: string, { subscription, group }: Place): boolean {
  const its = parseResourceId(id);
  if (!its || !sameId(its.subscription, subscription)) return false;
  return group === undefined || sameId(its.group, group);
}
