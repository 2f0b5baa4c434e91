import { ComputeManagementClient } from '@azure/arm-compute';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { ResourceManagementClient } from '@azure/arm-resources';
import { KeyClient } from '@azure/keyvault-keys';
import { vi } from 'vitest';
import type { Simulator } from '../src/simulator.ts';

const credential = {
  getToken: async () => ({ token: 'static', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
};

/** The real clients on a simulator and its first subscription, without retries of their own. */
export function clientsOf(
  { httpClient, subscriptionId: first }: Simulator,
  subscriptionId: string = first,
) {
  const options = { httpClient, retryOptions: { maxRetries: 0 } };
  return {
    compute: new ComputeManagementClient(credential, subscriptionId, options),
    resources: new ResourceManagementClient(credential, subscriptionId, options),
    graph: new ResourceGraphClient(credential, options),
    keys: (vault: string) => new KeyClient(`https://${vault}.vault.azure.net`, credential, options),
  };
}

/** Lets virtual time pass, one timer at a time, until the work is done. */
export async function inVirtualTime<T>(work: PromiseLike<T>): Promise<T> {
  let done = false;
  const finish = () => {
    done = true;
  };
  work.then(finish, finish);
  for (let turns = 0; !done; turns += 1) {
    if (turns > 10_000) throw new Error('virtual time passes and nothing ends');
    await vi.advanceTimersToNextTimerAsync();
  }
  return work;
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** The code and status of an SDK's refusal; of a failed operation the SDK tells the code only as text. */
export async function refusal(
  work: PromiseLike<unknown>,
): Promise<{ code: string; status: number }> {
  try {
    await work;
  } catch (error) {
    const { code, statusCode, message } = error as Error & { code?: string; statusCode?: number };
    const [, failed = ''] = /operation has failed\. (\w+)/.exec(message) ?? [];
    return { code: code ?? failed, status: statusCode ?? 0 };
  }
  throw new Error('was not refused');
}
