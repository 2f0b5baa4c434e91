/** A row: two keys and named texts. */
export interface Row {
  /** Neither key may hold `/`, `\`, `#`, `?` or control characters, nor exceed 500 characters. */
  readonly partition: string;
  readonly row: string;
  /** At most `LARGEST_ROW` characters in all. Names are letters and digits. */
  readonly properties: Readonly<Record<string, string>>;
}

/** A row as it was read. */
export interface StoredRow extends Row {
  /** Another one after every change. */
  readonly etag: string;
}

export interface RowQuery {
  readonly partition: string;
  /** The least row key that is wanted; absent: from the first. */
  readonly from?: string;
  /** The least row key that is no longer wanted; absent: to the last. */
  readonly to?: string;
  /** Short properties that must be exactly so. */
  readonly where?: Readonly<Record<string, string>>;
  /** Short properties to read; absent: all. */
  readonly select?: readonly string[];
  /** At most so many rows, up to 1,000. */
  readonly limit: number;
  /** `next` of the page before, of a query that is otherwise the same; absent or null: the first page. */
  readonly next?: string | null;
}

export interface RowPage {
  /** By row key, ascending; a page may be short, even empty, and not be the last. */
  readonly rows: readonly StoredRow[];
  /** Null on the last page. Holds its place whatever is inserted meanwhile. */
  readonly next: string | null;
}

/**
 * Rows that several processes share; what is answered is what all of them see from then on.
 *
 * Every call throws `StoreUnavailableError` and nothing else. A change whose answer was lost may
 * have been made: what is then repeated finds it there.
 */
export interface Table {
  get(partition: string, row: string): Promise<StoredRow | null>;
  insert(row: Row): Promise<'inserted' | 'exists'>;
  /** Changes a row as a whole, if it is still as it was read; a row that has gone is `changed`. */
  replace(row: Row, etag: string): Promise<'replaced' | 'changed'>;
  /** Inserts a row or replaces it as a whole. */
  upsert(row: Row): Promise<void>;
  /** What is not there is removed. */
  remove(partition: string, row: string): Promise<void>;
  query(query: RowQuery): Promise<RowPage>;
}

/**
 * Source: "Understanding the Table service data model": an entity has at most 1 MiB, and a string
 * two bytes for each UTF-16 unit.
 */
export const LARGEST_ROW = 400_000;
