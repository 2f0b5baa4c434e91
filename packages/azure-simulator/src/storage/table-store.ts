import type { Entity } from './entity.ts';
import type { EntityCommand } from './entity-request.ts';
import { Table } from './table.ts';
import { tableError } from './table-error.ts';

/** How long the name of a deleted table is taken. Source: REST reference, Delete Table. */
const DELETION_MS = 40_000;
const NAME = /^[A-Za-z][A-Za-z0-9]{2,62}$/;

/** The tables of one storage account. */
export class TableStore {
  readonly #tables = new Map<string, Table>();
  readonly #deletedAt = new Map<string, number>();
  readonly #speed: number;
  #lastTick = 0n;

  constructor(speed: number) {
    this.#speed = speed;
  }

  names(): readonly string[] {
    return [...this.#tables.values()].map(({ name }) => name).sort();
  }

  /** @throws ArmError 400 for an impossible name, 409 for one that is taken. */
  create(name: string): Table {
    if (!NAME.test(name) || name.toLowerCase() === 'tables') {
      throw tableError('InvalidResourceName');
    }
    const key = name.toLowerCase();
    if (this.#tables.has(key)) throw tableError('TableAlreadyExists');
    const deletedAt = this.#deletedAt.get(key);
    if (deletedAt !== undefined && Date.now() < deletedAt + DELETION_MS / this.#speed) {
      throw tableError('TableBeingDeleted');
    }
    const table = new Table(name);
    this.#tables.set(key, table);
    return table;
  }

  /** @throws ArmError 404 */
  delete(name: string): void {
    if (!this.#tables.delete(name.toLowerCase())) throw tableError('ResourceNotFound');
    this.#deletedAt.set(name.toLowerCase(), Date.now());
  }

  /** @throws ArmError 404 */
  require(name: string): Table {
    const table = this.#tables.get(name.toLowerCase());
    if (!table) throw tableError('TableNotFound');
    return table;
  }

  /**
   * Carries a command out.
   *
   * @returns the entity as it is then; `null` for one that is gone.
   * @throws ArmError when it is refused; nothing is changed then.
   */
  execute({ table: name, command }: EntityCommand): Entity | null {
    const table = this.require(name);
    table.check(command);
    return table.apply(command, this.#timestamp());
  }

  /** Never the same twice, however little time passes: tags are made of it. */
  #timestamp(): string {
    const now = BigInt(Date.now()) * 10_000n;
    this.#lastTick = now > this.#lastTick ? now : this.#lastTick + 1n;
    const ms = Number(this.#lastTick / 10_000n);
    const rest = String(this.#lastTick % 10_000n).padStart(4, '0');
    return new Date(ms).toISOString().replace('Z', `${rest}Z`);
  }
}
