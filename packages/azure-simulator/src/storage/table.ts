import { type Entity, type EntityKey, etagOf, type Properties } from './entity.ts';
import { tableError } from './table-error.ts';

/** What is wanted of one entity. */
export type Command = EntityKey &
  (
    | { readonly kind: 'insert'; readonly properties: Properties }
    | {
        readonly kind: 'merge' | 'replace';
        readonly properties: Properties;
        /** The tag that the entity must have, `*` for any; `null` when it need not be there. */
        readonly ifMatch: string | null;
      }
    | { readonly kind: 'delete'; readonly ifMatch: string }
  );

/** Entities by partition and row. */
export class Table {
  readonly name: string;
  readonly #entities = new Map<string, Entity>();
  /** Keys in order; kept between changes, because each page of a query begins with it. */
  #order: readonly string[] | null = null;

  constructor(name: string) {
    this.name = name;
  }

  find(key: EntityKey): Entity | undefined {
    return this.#entities.get(placeOf(key));
  }

  /** All from a key on, in the order of partition and row. */
  *from(start: EntityKey | null): IterableIterator<Entity> {
    this.#order ??= [...this.#entities.keys()].sort(byCodeUnits);
    const order = this.#order;
    for (let at = start ? firstAt(order, placeOf(start)) : 0; at < order.length; at += 1) {
      const entity = this.#entities.get(order[at] ?? '');
      if (entity) yield entity;
    }
  }

  /** @throws ArmError when the command would be refused as things stand. */
  check(command: Command): void {
    const known = this.find(command);
    if (command.kind === 'insert') {
      if (known) throw tableError('EntityAlreadyExists');
      return;
    }
    if (command.ifMatch === null) return;
    if (!known) throw tableError('ResourceNotFound');
    if (command.ifMatch !== '*' && command.ifMatch !== etagOf(known)) {
      throw tableError('UpdateConditionNotSatisfied');
    }
  }

  /**
   * Carries a command out, once it was checked.
   *
   * @returns the entity as it is then; `null` for one that is gone.
   */
  apply(command: Command, timestamp: string): Entity | null {
    const place = placeOf(command);
    if (command.kind === 'delete') {
      this.#entities.delete(place);
      this.#order = null;
      return null;
    }
    const { partitionKey, rowKey } = command;
    const known = this.#entities.get(place);
    const properties =
      command.kind === 'merge' && known
        ? new Map([...known.properties, ...command.properties])
        : command.properties;
    const entity = { partitionKey, rowKey, properties, timestamp };
    this.#entities.set(place, entity);
    if (!known) this.#order = null;
    return entity;
  }
}

/** Keys hold no control characters, so that the places sort as partition and row do. */
function placeOf({ partitionKey, rowKey }: EntityKey): string {
  return `${partitionKey}\u0000${rowKey}`;
}

function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function firstAt(order: readonly string[], place: string): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((order[middle] ?? '') < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
