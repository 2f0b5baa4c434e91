import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { messageOf } from './host-log.ts';

const VERSION = 1;

const SCHEMA = `
CREATE TABLE instances (
  id TEXT PRIMARY KEY, execution_id TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
  input TEXT, output TEXT, custom_status TEXT, created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, generation INTEGER, fresh INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX fresh_instances ON instances (id) WHERE fresh = 1;
CREATE TABLE history (
  instance_id TEXT NOT NULL, seq INTEGER NOT NULL, event TEXT NOT NULL,
  PRIMARY KEY (instance_id, seq)
) WITHOUT ROWID;
CREATE TABLE messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, instance_id TEXT NOT NULL, execution_id TEXT,
  due_at INTEGER NOT NULL, event TEXT NOT NULL
);
CREATE INDEX messages_by_instance ON messages (instance_id, due_at);
CREATE INDEX messages_by_time ON messages (due_at);
CREATE TABLE tasks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, instance_id TEXT NOT NULL, execution_id TEXT NOT NULL,
  task_id INTEGER NOT NULL, name TEXT NOT NULL, input TEXT
);
CREATE TABLE timers (
  function TEXT PRIMARY KEY, schedule TEXT NOT NULL, last_at INTEGER, next_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) WITHOUT ROWID;
`;

/** The state file cannot be used; the message names it and says what to do. */
export class StateFileError extends Error {
  override readonly name = 'StateFileError';
}

/**
 * The one SQLite file of a host.
 *
 * The exclusive lock keeps a second host out, and the operating system gives it back however the
 * process ends. `synchronous = NORMAL` with WAL survives the death of the process at any moment;
 * a power cut may take the last commits, never the consistency.
 */
export class StateFile {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #afterCommit: (() => void) | undefined;
  #depth = 0;

  constructor(path: string, afterCommit?: () => void) {
    this.#afterCommit = afterCommit;
    this.#database = open(path);
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  all(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    return this.#prepare(sql).all(...values);
  }

  one(sql: string, ...values: SQLInputValue[]): Record<string, unknown> | undefined {
    return this.#prepare(sql).get(...values);
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /** All of it or nothing; an inner transaction is part of the outer one. */
  transaction<T>(body: () => T): T {
    if (this.#depth > 0) return body();
    this.#database.exec('BEGIN IMMEDIATE');
    this.#depth += 1;
    let result: T;
    try {
      result = body();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    } finally {
      this.#depth -= 1;
    }
    this.#afterCommit?.();
    return result;
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function open(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = NORMAL');
    database.exec('BEGIN EXCLUSIVE');
    prepareSchema(database, path);
    database.exec('COMMIT');
    return database;
  } catch (error) {
    if (database?.isOpen) database.close();
    throw explain(path, error);
  }
}

function prepareSchema(database: DatabaseSync, path: string): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version === 0) {
    database.exec(SCHEMA);
    database.exec(`PRAGMA user_version = ${VERSION}`);
  } else if (version !== VERSION) {
    throw new StateFileError(
      `The state file ${path} has format ${version}, and this release reads format ${VERSION}. ` +
        'Run the release that wrote it, or give another file.',
    );
  }
  const check = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (check !== 'ok') throw new Error(String(check));
}

function explain(path: string, error: unknown): StateFileError {
  if (error instanceof StateFileError) return error;
  const text = messageOf(error);
  if (/locked|busy/i.test(text)) {
    return new StateFileError(
      `The state file ${path} is in use by another host. Stop that one, or give another file.`,
      { cause: error },
    );
  }
  if (/unable to open|readonly|read-only/i.test(text)) {
    return new StateFileError(
      `The state file ${path} cannot be opened for writing (${text}). ` +
        'Check that its folder exists and that this user may write there.',
      { cause: error },
    );
  }
  return new StateFileError(
    `The state file ${path} is damaged or no state file (${text}). ` +
      'Restore it from a backup, or move it away to start with an empty state.',
    { cause: error },
  );
}
