import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { startProxy } from '@keyturn/azure-simulator/proxy';
import { createSimulator, type Simulator } from '@keyturn/azure-simulator/simulator';

const IN_PROCESS = 10_000;
const PROXIED = 400;
const VMS = 40_000;
const DISKS = 100_000;
const ARM = 'https://management.azure.com';
const AUTHORIZATION = { authorization: 'Bearer static' };

/**
 * What a GET costs, in process and through the proxy, beside a handler that does nothing; and what
 * a large estate costs in memory and per page.
 */
export async function simulator(): Promise<object> {
  const azure = createSimulator();
  azure.estate.addDisk({ name: 'disk-1', group: 'rg-app', location: 'westeurope' });
  const [disk] = azure.truth().disks;
  const url = `${ARM}${disk?.id}?api-version=2025-01-02`;

  const empty = { handle: async () => new Response('{}') } as unknown as Simulator;
  const inProcessUs = await timed(IN_PROCESS, () => throughHttpClient(azure, url));
  const emptyUs = await timed(IN_PROCESS, () => throughNothing(url));
  const proxiedUs = await timedThroughProxy(azure, url);
  const emptyProxiedUs = await timedThroughProxy(empty, url);
  azure.close();
  return {
    benchmark: 'simulator',
    getUs: inProcessUs,
    getRatioToEmpty: ratio(inProcessUs, emptyUs),
    proxiedGetUs: proxiedUs,
    proxiedGetRatioToEmpty: ratio(proxiedUs, emptyProxiedUs),
    ...(await largeEstate()),
  };
}

async function throughHttpClient({ httpClient }: Simulator, url: string): Promise<void> {
  const headers = createHttpHeaders(AUTHORIZATION);
  const { status } = await httpClient.sendRequest(createPipelineRequest({ url, headers }));
  // Its token bucket runs dry under such a load, as Azure's would; that is an answer as well.
  if (status !== 200 && status !== 429) throw new Error(`GET answered ${status}.`);
}

async function throughNothing(url: string): Promise<void> {
  const headers = createHttpHeaders(AUTHORIZATION);
  const request = createPipelineRequest({ url, headers });
  await Promise.resolve({ request, status: 200, headers, bodyAsText: '{}' });
}

/** From another process, for Node reads the proxy's certificate at its start. */
async function timedThroughProxy(azure: Simulator, url: string): Promise<number> {
  const proxy = await startProxy(azure);
  const client = join(import.meta.dirname, 'proxied-gets.ts');
  const args = ['--disable-warning=ExperimentalWarning', client, url, String(PROXIED)];
  const env = { ...process.env, ...proxy.env };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  await proxy.stop();
  return Math.round(Number(stdout));
}

async function largeEstate(): Promise<object> {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const azure = createSimulator({ speed: 1_000_000 });
  const perVm = Math.floor(DISKS / VMS) - 1;
  const withOneMore = DISKS - VMS * (perVm + 1);
  for (let place = 0; place < VMS; place++) {
    azure.estate.addVm({
      name: `vm-${place}`,
      group: `rg-${place % 200}`,
      location: 'westeurope',
      dataDisks: perVm + (place < withOneMore ? 1 : 0),
    });
  }
  const megabytes = Math.round((process.memoryUsage().rss - before) / 2 ** 20);
  const pages = await pageTimes(azure);
  const rows = pages.reduce((sum, page) => sum + page.rows, 0);
  const tenth = Math.floor(pages.length / 10);
  const first = median(pages.slice(1, tenth).map(({ us }) => us));
  const last = median(pages.slice(-tenth).map(({ us }) => us));
  azure.close();
  return {
    vms: VMS,
    disks: rows,
    megabytes,
    pages: pages.length,
    firstPagesUs: first,
    lastPagesUs: last,
    lastPageToFirst: ratio(last, first),
  };
}

async function pageTimes(azure: Simulator): Promise<readonly { us: number; rows: number }[]> {
  const path = `/subscriptions/${azure.subscriptionId}/providers/Microsoft.Compute/disks`;
  const pages: { us: number; rows: number }[] = [];
  let next: string | undefined = `${ARM}${path}?api-version=2025-01-02`;
  while (next !== undefined) {
    const startedMs = performance.now();
    const answer = await azure.handle(new Request(next, { headers: AUTHORIZATION }));
    const page = (await answer.json()) as { value?: readonly object[]; nextLink?: string };
    if (answer.status === 429) {
      const seconds = Number(answer.headers.get('retry-after') ?? 1);
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      continue;
    }
    pages.push({ us: (performance.now() - startedMs) * 1000, rows: page.value?.length ?? 0 });
    next = page.nextLink;
  }
  return pages;
}

/** Microseconds per call, of the second half: the first warms up. */
async function timed(count: number, call: () => Promise<void>): Promise<number> {
  for (let place = 0; place < count / 2; place++) await call();
  const startedMs = performance.now();
  for (let place = 0; place < count / 2; place++) await call();
  return Math.round(((performance.now() - startedMs) / (count / 2)) * 1000 * 10) / 10;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN);
}

function ratio(a: number, b: number): number {
  return Math.round((a / b) * 100) / 100;
}
