import type { Call } from '../arm/route.ts';
import type { RoleStore } from '../authorization/role-store.ts';
import type { Command } from './table.ts';
import { tableError } from './table-error.ts';
import type { TableStore } from './table-store.ts';

const TABLES = 'Microsoft.Storage/storageAccounts/tableServices/tables';

/** Rights that allow a command: all of one of the lists. Source: "Permissions for Table service operations". */
const RIGHTS: Readonly<Record<Command['kind'] | 'upsert', readonly (readonly string[])[]>> = {
  insert: [['write'], ['add/action']],
  upsert: [['write'], ['add/action', 'update/action']],
  merge: [['write'], ['update/action']],
  replace: [['write'], ['update/action']],
  delete: [['delete']],
};

/** The account that a call is for, and what its caller may do there. */
export interface Opened {
  readonly store: TableStore;
  readonly access: TableAccess;
}

/** What the roles of a caller allow in one storage account. */
export class TableAccess {
  readonly #roles: RoleStore;
  readonly #caller: string;
  readonly #account: string;

  constructor(roles: RoleStore, { caller }: Pick<Call, 'caller'>, accountId: string) {
    this.#roles = roles;
    this.#caller = caller.objectId;
    this.#account = accountId;
  }

  /** @throws ArmError 403 unless the caller may do this with tables as a whole. */
  requireTables(verb: 'read' | 'write' | 'delete'): void {
    this.#require(this.#roles.allows(this.#caller, `${TABLES}/${verb}`, this.#account));
  }

  /** @throws ArmError 403 */
  requireReading(): void {
    this.#require(this.#allows('read'));
  }

  /** @throws ArmError 403 */
  requireCommand(command: Command): void {
    const inserts = 'ifMatch' in command && command.ifMatch === null;
    const rights = RIGHTS[inserts ? 'upsert' : command.kind];
    this.#require(rights.some((all) => all.every((right) => this.#allows(right))));
  }

  #allows(right: string): boolean {
    const action = `${TABLES}/entities/${right}`;
    return this.#roles.allows(this.#caller, action, this.#account, 'dataActions');
  }

  #require(allowed: boolean): void {
    if (!allowed) throw tableError('AuthorizationPermissionMismatch');
  }
}
