import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { StoreFileError } from './store-file-error.ts';
import { StoreUnavailableError } from './store-unavailable-error.ts';
import type { Row, RowQuery, StoredRow, Table } from './table.ts';

const VERSION = 1;

const SCHEMA = `
CREATE TABLE rows (
  partition TEXT NOT NULL, row TEXT NOT NULL, etag TEXT NOT NULL, properties TEXT NOT NULL,
  PRIMARY KEY (partition, row)
) WITHOUT ROWID;
PRAGMA user_version = ${VERSION};
`;

/** How long another process's write is waited for; they take milliseconds. */
const BUSY_MS = 5_000;
const NEW_ETAG = 'hex(randomblob(8))';
const UPSERT = 'ON CONFLICT DO UPDATE SET etag = excluded.etag, properties = excluded.properties';

/**
 * Rows in a SQLite file, which several processes may open.
 *
 * Unlike the state of the embedded host, what is committed survives a power cut as well.
 *
 * @throws StoreFileError when the file cannot be used.
 */
export function sqliteTable(path: string): Table {
  const database = open(path);
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const all = (sql: string, ...values: SQLInputValue[]) => prepare(sql).all(...values);
  const run = (sql: string, ...values: SQLInputValue[]): boolean =>
    Number(prepare(sql).run(...values).changes) > 0;
  const write = (conflict: string, { partition, row, properties }: Row): boolean =>
    run(
      `INSERT INTO rows VALUES (?, ?, ${NEW_ETAG}, ?) ${conflict}`,
      partition,
      row,
      JSON.stringify(properties),
    );

  return {
    get: attempting('get a row', (partition, row) => {
      const [found] = all('SELECT * FROM rows WHERE partition = ? AND row = ?', partition, row);
      return found ? toRow(found) : null;
    }),
    insert: attempting('insert a row', (row) =>
      write('ON CONFLICT DO NOTHING', row) ? 'inserted' : 'exists',
    ),
    replace: attempting('replace a row', ({ partition, row, properties }, etag) => {
      const replaced = run(
        `UPDATE rows SET etag = ${NEW_ETAG}, properties = ? WHERE partition = ? AND row = ? AND etag = ?`,
        JSON.stringify(properties),
        partition,
        row,
        etag,
      );
      return replaced ? 'replaced' : 'changed';
    }),
    upsert: attempting('write a row', (row) => {
      write(UPSERT, row);
    }),
    remove: attempting('remove a row', (partition, row) => {
      run('DELETE FROM rows WHERE partition = ? AND row = ?', partition, row);
    }),
    query: attempting('query rows', (query) => {
      const { sql, values } = selectOf(query);
      return all(sql, ...values).map((found) => selected(toRow(found), query.select));
    }),
  };
}

/** An answer as a promise; what SQLite throws becomes the store's error. */
function attempting<Inputs extends readonly unknown[], T>(
  operation: string,
  answer: (...inputs: Inputs) => T,
): (...inputs: Inputs) => Promise<T> {
  return async (...inputs) => {
    try {
      return answer(...inputs);
    } catch (error) {
      throw new StoreUnavailableError(operation, { code: messageOf(error), cause: error });
    }
  };
}

function selectOf({ partition, after, before, where = {}, limit }: RowQuery) {
  const conditions: readonly (readonly [condition: string, values: readonly string[]])[] = [
    ['partition = ?', [partition]],
    ...(after === undefined ? [] : [['row > ?', [after]] as const]),
    ...(before === undefined ? [] : [['row < ?', [before]] as const]),
    ...Object.entries(where).map(
      ([name, value]) => ['properties ->> ? = ?', [`$.${name}`, value]] as const,
    ),
  ];
  const condition = conditions.map(([text]) => text).join(' AND ');
  return {
    sql: `SELECT * FROM rows WHERE ${condition} ORDER BY row LIMIT ?`,
    values: [...conditions.flatMap(([, values]) => values), limit],
  };
}

function toRow({ partition, row, etag, properties }: Record<string, unknown>): StoredRow {
  return {
    partition: String(partition),
    row: String(row),
    etag: String(etag),
    properties: JSON.parse(String(properties)),
  };
}

function selected({ partition, row, properties }: Row, names?: readonly string[]): Row {
  if (!names) return { partition, row, properties };
  const wanted = Object.entries(properties).filter(([name]) => names.includes(name));
  return { partition, row, properties: Object.fromEntries(wanted) };
}

function open(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: BUSY_MS });
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    database.exec('BEGIN IMMEDIATE');
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
    if (version === 0) database.exec(SCHEMA);
    database.exec('COMMIT');
    if (version === 0 || version === VERSION) return database;
    throw new Error(`it has format ${version}, and this release reads format ${VERSION}`);
  } catch (error) {
    if (database?.isOpen) database.close();
    throw new StoreFileError(path, { reason: messageOf(error), cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
