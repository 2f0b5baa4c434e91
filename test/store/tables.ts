import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { AzureNamedKeyCredential, TableClient } from '@azure/data-tables';
import { createSimulator } from '@keyturn/azure-simulator/simulator';
import { onTestFinished } from 'vitest';
import { azureTable, tableClient } from '../../src/store/azure-table.ts';
import { sqliteTable } from '../../src/store/sqlite-table.ts';
import type { Table } from '../../src/store/table.ts';
import { AZURITE_SKIPPED, startAzurite } from './azurite.ts';

export const credential = {
  getToken: async () => ({ token: 'static', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
};

/** A kind of store: makes an empty one, and answers a function that opens it again and again. */
interface Backend {
  readonly name: string;
  readonly skipped: string | null;
  readonly create: () => Promise<() => Table>;
}

/** A table in the simulated Azure, as often as it is opened. */
export function simulatedTable(wrap: (client: HttpClient) => HttpClient = (it) => it): () => Table {
  const simulator = createSimulator();
  onTestFinished(() => simulator.close());
  simulator.estate.addStorageAccount({ name: 'keyturnjournal' });
  const httpClient = wrap(simulator.httpClient as unknown as HttpClient);
  const url = 'https://keyturnjournal.table.core.windows.net';
  return () => azureTable(tableClient({ url, credential, httpClient }));
}

let tables = 0;

export const BACKENDS: readonly Backend[] = [
  {
    name: 'a SQLite file',
    skipped: null,
    create: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'keyturn-store-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      return () => sqliteTable(join(folder, 'journal.sqlite'));
    },
  },
  { name: 'Azure tables, simulated', skipped: null, create: async () => simulatedTable() },
  {
    name: 'Azure tables, on Azurite',
    skipped: AZURITE_SKIPPED,
    create: async () => {
      const { url, account, key } = await startAzurite();
      tables += 1;
      const name = `keyturn${tables}`;
      // With its identity tokens it wants TLS.
      const shared = new AzureNamedKeyCredential(account, key);
      return () =>
        azureTable(new TableClient(url, name, shared, { allowInsecureConnection: true }));
    },
  },
];
