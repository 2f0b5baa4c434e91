import { TableClient, type TableServiceClientOptions } from '@azure/data-tables';
import { createSimulator, type SimulatorOptions } from '../../src/simulator/simulator.ts';

const credential = {
  getToken: async () => ({ token: 'static', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
};

/** A storage account, and Azure's own client for a table in it, without retries of its own. */
export function anAccount(options: SimulatorOptions = {}) {
  const simulator = createSimulator(options);
  const accountId = simulator.estate.addStorageAccount({ name: 'stjournal' });
  const table = (name = 'journal', more: TableServiceClientOptions = {}) =>
    new TableClient('https://stjournal.table.core.windows.net', name, credential, {
      httpClient: simulator.httpClient,
      retryOptions: { maxRetries: 0 },
      ...more,
    });
  return { ...simulator, accountId, table };
}

/** The code and status of a refusal; the client tells the code in one of two places. */
export async function refused(work: Promise<unknown>): Promise<readonly [number, string]> {
  try {
    await work;
  } catch (error) {
    const {
      statusCode = 0,
      code,
      details,
    } = error as Error & {
      readonly statusCode?: number;
      readonly code?: string;
      readonly details?: { readonly odataError?: { readonly code?: string } };
    };
    return [statusCode, code ?? details?.odataError?.code ?? ''];
  }
  throw new Error('was not refused');
}
