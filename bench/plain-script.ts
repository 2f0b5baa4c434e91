import type { Simulator } from '@keyturn/azure-simulator/simulator';
import { CLOUDS } from '../src/azure/clouds.ts';

const BASE = CLOUDS.AzureCloud.resourceManager;
const VERSION = 'api-version=2024-07-01';
const DISK_VERSION = 'api-version=2025-01-02';

/** Where no Retry-After says otherwise, the Azure CLI polls every 30 s. */
const DEFAULT_POLL_S = 30;

/**
 * What an administrator's script does: deallocate, change disk after disk, start; each waited for
 * as the Azure CLI waits.
 */
export async function plainScript(
  simulator: Simulator,
  vmId: string,
  diskIds: readonly string[],
  encryption: object,
): Promise<void> {
  await run(simulator, 'POST', `${vmId}/deallocate?${VERSION}`);
  for (const diskId of diskIds) {
    const body = { properties: { encryption } };
    await run(simulator, 'PATCH', `${diskId}?${DISK_VERSION}`, body);
  }
  await run(simulator, 'POST', `${vmId}/start?${VERSION}`);
}

async function run(
  simulator: Simulator,
  method: string,
  path: string,
  body?: object,
): Promise<void> {
  let answer = await send(simulator, method, `${BASE}${path}`, body);
  const operation = answer.headers.get('azure-asyncoperation');
  if (operation === null) throw new Error(`${method} ${path}: ${answer.status}`);
  for (;;) {
    await sleep(Number(answer.headers.get('retry-after') ?? DEFAULT_POLL_S) * 1000);
    answer = await send(simulator, 'GET', operation);
    const { status } = (await answer.json()) as { status: string };
    if (status === 'Succeeded') return;
    if (status !== 'InProgress') throw new Error(`${method} ${path}: ${status}`);
  }
}

function send(simulator: Simulator, method: string, url: string, body?: object) {
  const headers = { authorization: 'Bearer static', 'content-type': 'application/json' };
  const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
  return simulator.handle(new Request(url, init));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
