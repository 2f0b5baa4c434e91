import { DatabaseSync } from 'node:sqlite';

let opened = 0;

/**
 * The state file of a story's host, in memory.
 *
 * It outlives each host that is killed, with what was committed and nothing else: SQLite rolls back
 * what a closed connection had begun, as it does with a file after `kill -9`.
 */
export class LastingState {
  /** Names the same database to everybody in this process. */
  readonly path = `file:story-${++opened}?mode=memory&cache=shared`;
  // The database is there as long as somebody has it open.
  #holder = new DatabaseSync(this.path);

  /** Only while no host has it open. */
  lose(): void {
    this.#holder.close();
    this.#holder = new DatabaseSync(this.path);
  }

  close(): void {
    this.#holder.close();
  }
}
