import { TableClient } from '@azure/data-tables';
import { createSimulator, type Simulator } from '../src/simulator.ts';

const credential = {
  getToken: async () => ({ token: 'static', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
};

/** Azure's own client for a table, without retries of its own. */
export function tableOf(
  account: string,
  name: string,
  { httpClient }: Pick<Simulator, 'httpClient'>,
): TableClient {
  return new TableClient(`https://${account}.table.core.windows.net`, name, credential, {
    httpClient,
    retryOptions: { maxRetries: 0 },
  });
}

/** A storage account, and the client of a table in it. */
export function anAccount() {
  const simulator = createSimulator();
  const accountId = simulator.estate.addStorageAccount({ name: 'stjournal' });
  const table = (name = 'journal') => tableOf('stjournal', name, simulator);
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
