import { createHash } from 'node:crypto';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { createSimulator, type Simulator } from '@keyturn/azure-simulator/simulator';
import { type Host, startHost } from '@keyturn/functions-host/host';
import { CLOUDS } from '../../src/azure/clouds.ts';
import { connectAzure } from '../../src/azure/connect.ts';
import { durableSettings } from '../../src/cli/serving/durable-settings.ts';
import type { ConversionPolicy } from '../../src/domain/policy/conversion-policy.ts';
import type { ConversionView } from '../../src/functions/http/conversion-view.ts';
import { type App, register } from '../../src/functions/register.ts';
import { identifier } from '../../src/people/identify.ts';
import type { SignInSettings } from '../../src/people/sign-in-settings.ts';
import { DEFAULT_POLICY } from '../../src/policy/parse-policy.ts';
import { connectStore } from '../../src/store/connect-store.ts';
import { sqliteTable } from '../../src/store/sqlite-table.ts';
import type { Store } from '../../src/store/store.ts';
import type { Table } from '../../src/store/table.ts';
import { aScope, setsByRegion } from './builders.ts';
import { guardedTable } from './guarded-table.ts';

const credential = {
  getToken: async () => ({ token: 'static', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
};

/** What the owner of the machine sends. */
export const OWNER = { 'x-functions-key': 'the key of the owner' };
/** App registration whose tokens count. */
export const CLIENT_ID = '7c0d3e9a-51b2-4f68-8d0e-a4b5c6d7e8f9';

export interface SimulatedApp {
  readonly simulator: Simulator;
  readonly host: Host;
  /** Past the engine's own line to it. */
  readonly store: Store;
  /** Replaces the policy, as an edit of its file does; an error, as a wrong edit does. */
  setPolicy(policy: ConversionPolicy | Error): void;
  /** Starts an engine anew on the same state, after `host.kill()`; with other code, if it is given. */
  restart(deployment?: Deployment): Promise<SimulatedApp>;
  /** Delivers events from now on, both kinds to their functions. */
  connectEvents(): void;
  runSweep(): Promise<void>;
  runRestoration(): Promise<void>;
  /** As the machine's owner, unless the headers say who else it is. */
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ status: number; body: unknown }>;
  conversions(): Promise<readonly ConversionView[]>;
}

/** What is deployed: this repository, or a change to it. */
export interface Deployment {
  /** The version of its orchestrations. */
  readonly release: string;
  readonly register: (app: App) => void;
}

const THIS: Deployment = { release: durableSettings().defaultVersion, register };

export interface SimulatedAppOptions {
  readonly simulator?: Simulator;
  readonly policy?: Partial<ConversionPolicy>;
  /** A file, for state that outlives `host.kill()`; else it is in memory. */
  readonly stateFile?: string;
  /** What the store is in; else a database in memory. It outlives `host.kill()`. */
  readonly table?: Table;
  /** NCRONTAB expression; else as deployed. */
  readonly restorationSchedule?: string;
  /** Called right after each commit to the state file; it may kill the host. */
  readonly afterCommit?: () => void;
  /** Else tokens of the simulated directory, and the key of `OWNER`. */
  readonly signIn?: Partial<SignInSettings>;
  /** As the host has them: see there. */
  readonly timersFireEarly?: boolean;
  readonly redeliverAfter?: (activity: string) => number | null;
  /** Gets the lines of the host's log. */
  readonly log?: NonNullable<Parameters<typeof startHost>[0]['log']>;
}

/** A policy that converts everything in the simulated subscription at once. */
export function enforcingPolicy(
  { subscriptionId }: Simulator,
  changes: Partial<ConversionPolicy> = {},
): ConversionPolicy {
  const sets = `/subscriptions/${subscriptionId}/resourceGroups/rg-keys/providers/Microsoft.Compute/diskEncryptionSets`;
  return {
    ...DEFAULT_POLICY,
    mode: 'enforce',
    scope: [aScope(subscriptionId)],
    encryptionSets: setsByRegion({
      westeurope: `${sets}/des-westeurope`,
      northeurope: `${sets}/des-northeurope`,
    }),
    mayDeallocate: true,
    settleMinutes: 0,
    ...changes,
  };
}

/** The whole app on the embedded host over the simulated Azure, in one process and no socket. */
export async function startSimulatedApp(options: SimulatedAppOptions = {}): Promise<SimulatedApp> {
  const simulator = options.simulator ?? createSimulator();
  let policy: ConversionPolicy | Error = enforcingPolicy(simulator, options.policy);
  const readPolicy = async (): Promise<ConversionPolicy> => {
    if (policy instanceof Error) throw policy;
    return policy;
  };
  const keyDigest = createHash('sha256').update(OWNER['x-functions-key']).digest('hex');
  const signIn: SignInSettings = {
    registration: { tenantId: simulator.tenantId, clientId: CLIENT_ID },
    platform: false,
    local: { keyDigest, user: 'owner' },
    ...options.signIn,
  };
  const stateFile = options.stateFile ?? ':memory:';
  const table = options.table ?? sqliteTable(':memory:');

  /** Events go to the newest engine, as behind an address that stays. */
  let newest: Host | null = null;
  const start = async (deployment: Deployment): Promise<SimulatedApp> => {
    // Requests of a killed engine must not reach Azure any more: each generation has its own line.
    const line = { cut: false };
    const httpClient: HttpClient = {
      sendRequest: (request) =>
        line.cut ? new Promise<never>(() => {}) : simulator.httpClient.sendRequest(request),
    };
    const azure = connectAzure({ credential, cloud: CLOUDS.AzureCloud, httpClient });
    const store = connectStore(overLine(table, line));
    const host = await startHost({
      load: () =>
        deployment.register({
          services: { azure, policy: readPolicy, store },
          identify: identifier(signIn, { cloud: CLOUDS.AzureCloud, httpClient }),
          sweepSchedule: '0 0 3 * * *',
          ...(options.restorationSchedule
            ? { restorationSchedule: options.restorationSchedule }
            : {}),
          policySchema: {},
        }),
      stateFile,
      defaultVersion: deployment.release,
      port: null,
      keys: null,
      ...(options.afterCommit ? { afterCommit: options.afterCommit } : {}),
      ...(options.timersFireEarly ? { timersFireEarly: true } : {}),
      ...(options.redeliverAfter ? { redeliverAfter: options.redeliverAfter } : {}),
      ...(options.log ? { log: options.log } : {}),
    });
    newest = host;
    const ask: SimulatedApp['ask'] = async (method, path, body, headers = OWNER) => {
      const response = await host.request(
        new Request(new URL(path, host.url), {
          method,
          headers: { 'content-type': 'application/json', ...headers },
          ...(body === undefined
            ? {}
            : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        }),
      );
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : JSON.parse(text) };
    };
    return {
      simulator,
      store: connectStore(table),
      host: {
        ...bound(host),
        kill: () => {
          line.cut = true;
          host.kill();
        },
      },
      setPolicy: (next) => {
        policy = next;
      },
      restart: (next = deployment) => start(next),
      connectEvents: () => {
        for (const name of ['onDiskWritten', 'onVmWritten']) {
          const endpointUrl = `${host.url}/runtime/webhooks/eventgrid?functionName=${name}`;
          simulator.subscribe({
            name,
            kind: 'resources',
            schema: 'EventGridSchema',
            endpointUrl,
            deliver: (request) => (newest ?? host).request(request),
          });
        }
      },
      runSweep: async () => {
        await ask('POST', '/admin/functions/onSweepDue', {});
      },
      runRestoration: async () => {
        await ask('POST', '/admin/functions/onRestorationDue', {});
      },
      ask,
      conversions: async () => {
        const { body } = await ask('GET', '/api/conversions?top=500');
        return (body as { value: readonly ConversionView[] }).value;
      },
    };
  };
  return start(THIS);
}

/** A table that is reached only as long as the engine lives. */
function overLine(table: Table, line: { readonly cut: boolean }): Table {
  return guardedTable(table, () => (line.cut ? new Promise<never>(() => {}) : undefined));
}

function bound(host: Host): Host {
  return {
    url: host.url,
    functionNames: host.functionNames,
    request: (request) => host.request(request),
    idle: () => host.idle(),
    nextDueAt: () => host.nextDueAt(),
    stop: () => host.stop(),
    kill: () => host.kill(),
    failInstance: (id) => host.failInstance(id),
  };
}
