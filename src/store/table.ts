/** A row: two keys and named texts. */
export interface Row {
  /** Neither key may hold `/`, `\`, `#`, `?` or control characters, nor exceed 500 characters. */
  readonly partition: string;
  readonly row: string;
  /** At most `LARGEST_ROW` characters in all, long texts in ASCII. Names are letters and digits. */
  readonly properties: Readonly<Record<string, string>>;
}

/** A row as it was read. */
export interface StoredRow extends Row {
  /** Another one after every change. */
  readonly etag: string;
}

export interface RowQuery {
  readonly partition: string;
  /** Only rows with greater keys; absent: from the first. */
  readonly after?: string;
  /** Only rows with smaller keys; absent: to the last. */
  readonly before?: string;
  /** Short properties that must be exactly so. */
  readonly where?: Readonly<Record<string, string>>;
  /** Short properties to read; absent: all. */
  readonly select?: readonly string[];
  readonly limit: number;
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
  /** The first rows by row key that fit: fewer than the limit only when there are no more. */
  query(query: RowQuery): Promise<readonly Row[]>;
}

/**
 * Source: "Understanding the Table service data model": an entity has at most 1 MiB, and a string
 * two bytes for each UTF-16 unit.
 */
export const LARGEST_ROW = 400_000;
