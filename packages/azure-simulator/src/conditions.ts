import type { RestrictedSize } from './compute/restricted-size.ts';
import type { Inventory, SubscriptionState } from './resources/inventory.ts';

/** What lasts, unlike a fault that waits for a call, until it is given back. */
export type Condition =
  /** No machine of the size is allocated any more: everywhere, in a region, or in a zone of it. */
  | {
      readonly kind: 'no-capacity';
      readonly size: string;
      readonly location?: string;
      readonly zone?: string;
    }
  /** By ID or name. */
  | {
      readonly kind: 'subscription-state';
      readonly subscription: string;
      readonly state: SubscriptionState;
    };

export type ConditionKind = Condition['kind'];

interface Surroundings {
  readonly inventory: Inventory;
  readonly restrictedSizes: RestrictedSize[];
}

/** What is out, or closed, until somebody says otherwise. */
export class Conditions {
  readonly #around: Surroundings;
  readonly #standing: { readonly condition: Condition; readonly end: () => void }[] = [];

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** @throws Error for a subscription that is not there. */
  begin(condition: Condition): void {
    const end =
      condition.kind === 'no-capacity' ? this.#takeCapacity(condition) : this.#close(condition);
    this.#standing.push({ condition, end });
  }

  /** In the order in which they began. */
  list(): readonly Condition[] {
    return this.#standing.map(({ condition }) => condition);
  }

  /** All is as it was before the first of them. */
  clear(): void {
    for (const { end } of this.#standing.splice(0).toReversed()) end();
  }

  #takeCapacity({ size, location, zone }: Extract<Condition, { kind: 'no-capacity' }>) {
    const { restrictedSizes } = this.#around;
    const restricted: RestrictedSize = {
      size,
      reason: 'capacity',
      ...(location === undefined ? {} : { location }),
      ...(zone === undefined ? {} : { zones: [zone] }),
    };
    restrictedSizes.push(restricted);
    return () => {
      const at = restrictedSizes.indexOf(restricted);
      if (at >= 0) restrictedSizes.splice(at, 1);
    };
  }

  #close({ subscription, state }: Extract<Condition, { kind: 'subscription-state' }>) {
    const { inventory } = this.#around;
    const found = inventory.findSubscription(subscription);
    if (!found) throw new Error(`no such subscription: ${subscription}`);
    inventory.addSubscription({ ...found, state });
    return () => {
      const { tags } = inventory.requireSubscription(found.id);
      inventory.addSubscription({ ...found, tags });
    };
  }
}
