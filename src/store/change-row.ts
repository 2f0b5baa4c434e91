import { StoreUnavailableError } from './store-unavailable-error.ts';
import type { Row, Table } from './table.ts';

type Properties = Row['properties'];

export interface Change<Result> {
  /** Null: the row stays as it is. */
  readonly properties: Properties | null;
  readonly result: Result;
}

/** At each turn somebody has made a change; so many writers at once there are not. */
const MOST_TURNS = 100;

/**
 * Reads a row, decides and writes, again and again until nobody has written in between.
 *
 * @param decide is given null when the row is not there, and may be called several times.
 * @throws StoreUnavailableError also when others kept writing.
 */
export async function changeRow<Result>(
  table: Table,
  { partition, row }: Pick<Row, 'partition' | 'row'>,
  decide: (properties: Properties | null) => Change<Result>,
): Promise<Result> {
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const stored = await table.get(partition, row);
    const { properties, result } = decide(stored?.properties ?? null);
    if (properties === null) return result;
    const changed = { partition, row, properties };
    const answer = stored ? await table.replace(changed, stored.etag) : await table.insert(changed);
    if (answer === 'replaced' || answer === 'inserted') return result;
  }
  throw new StoreUnavailableError(`change ${partition}/${row}`, { code: 'Contention' });
}
