import { createHttpHeaders, type HttpClient, RestError } from '@azure/core-rest-pipeline';
import type { VmDescription } from '@keyturn/azure-simulator/estate-description';
import { createSimulator, type Simulator } from '@keyturn/azure-simulator/simulator';
import { type VirtualTime, withVirtualTime } from '@keyturn/functions-host/virtual-time';
import type { ConversionPolicy } from '../../src/domain/policy/conversion-policy.ts';
import type { ConversionView } from '../../src/functions/http/conversion-view.ts';
import {
  enforcingPolicy,
  type SimulatedApp,
  type SimulatedAppOptions,
  startSimulatedApp,
} from '../support/simulated-app.ts';

const START = '2026-03-01T08:00:00Z';
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** The calls of a conversion that a fault can be for. */
export const CALLS = {
  mark: { method: 'PATCH', path: /\/tags\/default$/ },
  deallocate: { method: 'POST', path: /\/deallocate$/ },
  readVm: { method: 'GET', path: /\/virtualMachines\/[^/]+$/ },
  encrypt: { method: 'PATCH', path: /\/disks\/[^/]+$/ },
  readDisk: { method: 'GET', path: /\/disks\/[^/]+$/ },
  start: { method: 'POST', path: /\/start$/ },
} as const;

type Request = Parameters<HttpClient['sendRequest']>[0];
type Response = Awaited<ReturnType<HttpClient['sendRequest']>>;
type Hook = (request: Request, path: string) => Response | 'pass' | Promise<Response | 'pass'>;

/** The line to Azure, on which a test can listen, and which it can cut. */
class Line {
  readonly hooks: Hook[] = [];
  readonly requests: { readonly method: string; readonly path: string; readonly at: number }[] = [];
  #cutUntil = 0;

  /** Nothing reaches Azure for so long. */
  cutFor(ms: number): void {
    this.#cutUntil = Date.now() + ms;
  }

  /** Does something right before the nth call of a kind reaches Azure. */
  before(
    { method, path }: { method: string; path: RegExp },
    act: () => unknown,
    { nth = 1 }: { nth?: number } = {},
  ): void {
    let seen = 0;
    this.hooks.push(async (request, asked): Promise<'pass'> => {
      if (request.method === method && path.test(asked) && ++seen === nth) await act();
      return 'pass';
    });
  }

  /** Answers in place of Azure. */
  answer(
    { method, path }: { method: string; path: RegExp },
    status: number,
    body: object | string = '',
    { times = Number.POSITIVE_INFINITY, headers = {} }: AnswerOptions = {},
  ): void {
    let left = times;
    this.hooks.push((request, asked) => {
      if (request.method !== method || !path.test(asked) || left-- <= 0) return 'pass';
      const bodyAsText = typeof body === 'string' ? body : JSON.stringify(body);
      return { request, status, headers: createHttpHeaders(headers), bodyAsText };
    });
  }

  /** Changes what Azure answers to a read. */
  rewrite(
    path: RegExp,
    change: (body: Readonly<Record<string, unknown>>) => unknown,
    client: HttpClient,
  ) {
    this.hooks.push(async (request, asked) => {
      if (request.method !== 'GET' || !path.test(asked)) return 'pass';
      const answered = await client.sendRequest(request);
      const body = JSON.parse(answered.bodyAsText ?? '{}');
      return { ...answered, bodyAsText: JSON.stringify(change(body) ?? body) };
    });
  }

  over(client: HttpClient): HttpClient {
    return {
      sendRequest: async (request) => {
        const path = decodeURIComponent(new URL(request.url).pathname);
        this.requests.push({ method: request.method, path, at: Date.now() });
        for (const hook of this.hooks) {
          const answered = await hook(request, path);
          if (answered !== 'pass') return answered;
        }
        if (Date.now() < this.#cutUntil) throw noNetwork();
        return client.sendRequest(request);
      },
    };
  }
}

interface AnswerOptions {
  readonly times?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

function noNetwork(): RestError {
  return new RestError('connect ECONNREFUSED', { code: 'ECONNREFUSED' });
}

export interface Run {
  readonly time: VirtualTime;
  readonly simulator: Simulator;
  readonly line: Line;
  /** Azure past the line. */
  readonly direct: HttpClient;
  /** URL of the key behind the usual set of westeurope. */
  readonly keyUrl: string;
  /** The usual policy with changes. */
  policy(changes: Partial<ConversionPolicy>): ConversionPolicy;
  /** The newest engine. */
  app: SimulatedApp;
  /** Runs until no instance is alive any more. */
  quiet(limitMs?: number): Promise<void>;
  /** Asks for a conversion and runs until all is quiet. */
  convert(target: string): Promise<void>;
  sweep(): Promise<void>;
  vm(name?: string): ReturnType<Simulator['truth']>['vms'][number];
  disksOf(name?: string): ReturnType<Simulator['truth']>['disks'];
  /** The newest conversion of a VM or disk; its outcome is loosely typed for assertions. */
  view(target?: string): Promise<ConversionView & { readonly outcome: Outcome }>;
  /** What an administrator does beside keyturn. */
  administer(method: string, path: string, body?: object): Promise<void>;
}

export interface Outcome {
  readonly kind: string;
  readonly code?: string;
  readonly reason?: string;
  readonly vmProblem?: string | null;
  readonly vmLeftOff?: boolean;
  readonly deallocated?: boolean;
  readonly disks?: readonly { readonly diskId: string; readonly kind: string; code?: string }[];
  readonly verdicts?: readonly { readonly code: string }[];
  readonly skipped?: readonly { readonly diskId: string; readonly reason: string }[];
}

export interface RunOptions extends Omit<SimulatedAppOptions, 'simulator' | 'policy'> {
  readonly vms?: readonly VmDescription[];
  readonly seed?: number;
  readonly policy?: Partial<ConversionPolicy>;
  /** Adds more before the app starts. */
  readonly build?: (estate: Simulator['estate'], simulator: Simulator) => void;
}

/** Runs a scenario in virtual time: the whole app over an Azure with the usual sets and some VMs. */
export async function inAzure(
  options: RunOptions,
  body: (run: Run) => Promise<unknown>,
): Promise<void> {
  await withVirtualTime(START, async (time) => {
    const azure = createSimulator({ seed: options.seed ?? 1 });
    const [keyUrl = ''] = addSets(azure.estate);
    for (const vm of options.vms ?? []) azure.estate.addVm(vm);
    options.build?.(azure.estate, azure);
    const line = new Line();
    const direct = azure.httpClient as unknown as HttpClient;
    const httpClient = line.over(direct) as unknown as Simulator['httpClient'];
    const simulator: Simulator = { ...azure, httpClient };
    const app = await startSimulatedApp({ ...options, simulator, policy: options.policy ?? {} });
    const run = aRun({ time, simulator, line, app, direct, keyUrl });
    await body(run);
    await run.app.host.stop();
    azure.close();
    const { notSimulated } = azure.truth();
    if (notSimulated.length > 0) throw new Error(`Not simulated: ${notSimulated.join(', ')}`);
  });
}

/** Adds vaults, keys and sets in two regions; returns the URLs of the keys. */
function addSets(estate: Simulator['estate']): readonly string[] {
  const keyUrls: string[] = [];
  for (const [region, short] of [
    ['westeurope', 'weu'],
    ['northeurope', 'neu'],
  ] as const) {
    estate.addVault({ name: `kv-${short}`, location: region });
    keyUrls.push(estate.addKey(`kv-${short}`, { name: 'disks' }));
    estate.addEncryptionSet({
      name: `des-${region}`,
      group: 'rg-keys',
      location: region,
      key: `kv-${short}/disks`,
    });
  }
  return keyUrls;
}

function aRun(parts: Pick<Run, 'time' | 'simulator' | 'line' | 'app' | 'direct' | 'keyUrl'>): Run {
  const { time, simulator } = parts;
  const run: Run = {
    ...parts,
    policy: (changes) => enforcingPolicy(simulator, changes),
    quiet: (limitMs) => time.runUntil(() => isQuiet(run.app), limitMs),
    convert: async (target) => {
      const asked = await run.app.ask('POST', '/api/conversions', { target });
      if (asked.status !== 202) throw new Error(JSON.stringify(asked));
      await run.quiet();
    },
    sweep: async () => {
      await run.app.runSweep();
      await time.settle();
      await run.quiet();
    },
    vm: (name = 'vm-1') => {
      const found = simulator.truth().vms.find((each) => each.name === name);
      if (!found) throw new Error(`no VM ${name}`);
      return found;
    },
    disksOf: (name = 'vm-1') => {
      const { id } = run.vm(name);
      return simulator.truth().disks.filter(({ managedBy }) => managedBy === id);
    },
    view: async (target = run.vm().id) => {
      const path = `/api/conversions?top=500&createdAfter=${START}`;
      const { body } = await run.app.ask('GET', path);
      const views = (body as { value: readonly ConversionView[] }).value;
      const found = views.find((view) => view.target === target && view.kind !== 'request');
      if (!found) throw new Error(`no conversion of ${target}`);
      return found as Awaited<ReturnType<Run['view']>>;
    },
    administer: async (method, path, body) => {
      const ofCompute = /virtualMachines|restorePoint/i.test(path) ? '2024-07-01' : '2024-03-02';
      const version = path.endsWith('/tags/default') ? '2021-04-01' : ofCompute;
      const url = `https://management.azure.com${path}?api-version=${version}`;
      const headers = { authorization: 'Bearer static', 'content-type': 'application/json' };
      const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
      const response = await simulator.handle(new Request(url, init));
      if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    },
  };
  return run;
}

const ALIVE = 'runtimeStatus=Pending,Running,ContinuedAsNew';

/** Whether no instance is alive. */
export async function isQuiet({ host, ask }: SimulatedApp): Promise<boolean> {
  if (!host.idle()) return false;
  const { body } = await ask('GET', `/runtime/webhooks/durabletask/instances?${ALIVE}`);
  return (body as readonly unknown[]).length === 0;
}

export function setIdOf(simulator: Simulator, region = 'westeurope'): string {
  const { encryptionSets } = enforcingPolicy(simulator);
  return encryptionSets.find(({ regions }) => regions?.includes(region))?.set ?? '';
}

/** Whether disks are on a set, with its own type. */
export function areOn(
  disks: readonly { encryptionType: string; diskEncryptionSetId: string | null }[],
  setId: string,
  type = 'EncryptionAtRestWithCustomerKey',
): boolean {
  return (
    disks.length > 0 &&
    disks.every(
      (disk) =>
        disk.encryptionType === type &&
        disk.diskEncryptionSetId?.toLowerCase() === setId.toLowerCase(),
    )
  );
}

/** What the promise comes to for a VM that ran at first. */
export function standing({ powerState, deallocations, starts, tags }: ReturnType<Run['vm']>) {
  return { powerState, deallocations, starts, marked: 'keyturn:off-by' in tags };
}
