import type { TokenCredential } from '@azure/identity';
import { azureTable, tableClient } from './azure-table.ts';
import type { JournalPlace } from './journal-place.ts';
import type { Table } from './table.ts';

/**
 * Opens the table behind the store. Azure is not asked for anything yet.
 *
 * SQLite is loaded for a file only: older releases of Node 22 do not have it.
 *
 * @throws StoreFileError when the file cannot be used.
 */
export async function openTable(place: JournalPlace, credential: TokenCredential): Promise<Table> {
  if (place.kind === 'azure') return azureTable(tableClient({ url: place.url, credential }));
  const { sqliteTable } = await import('./sqlite-table.ts');
  return sqliteTable(place.path);
}
