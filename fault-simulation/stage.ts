import type { HttpClient } from '@azure/core-rest-pipeline';
import { createSimulator, type Simulator } from '@keyturn/azure-simulator/simulator';
import { ConfigError } from '../src/config.ts';
import type { ConversionPolicy, WrittenPolicy } from '../src/domain/policy/conversion-policy.ts';
import { instanceIdFor } from '../src/durable/instance-id.ts';
import { parsePolicy } from '../src/policy/parse-policy.ts';
import { connectStore } from '../src/store/connect-store.ts';
import { sqliteTable } from '../src/store/sqlite-table.ts';
import type { Store } from '../src/store/store.ts';
import { StoreUnavailableError } from '../src/store/store-unavailable-error.ts';
import type { Table } from '../src/store/table.ts';
import { guardedTable } from '../test/support/guarded-table.ts';
import { LastingState } from '../test/support/lasting-state.ts';
import { type SimulatedApp, startSimulatedApp } from '../test/support/simulated-app.ts';
import { AzureLog, SENT_AT } from './azure-log.ts';
import type { Story, StoryPolicy } from './story.ts';

const FOREVER = new Promise<never>(() => undefined);

type Request = Parameters<HttpClient['sendRequest']>[0];
/** Called before a call reaches Azure; whoever answers `never` lets nobody hear of it. */
type Listener = (method: string, path: string, send: () => void) => Promise<'pass' | 'never'>;

/** The whole product over a simulated Azure, with what a story can do to both. */
export class Stage {
  readonly simulator: Simulator;
  readonly log: AzureLog;
  /** Past every outage. */
  readonly store: Store;
  /** Lines of the app's log that are alerts. */
  readonly alerts: string[] = [];
  /** Null while the host is down. */
  app: SimulatedApp | null = null;
  policy: StoryPolicy | 'broken';
  stops: readonly string[] = [];
  onCall: Listener = async () => 'pass';
  storeIsAway = false;
  /** Starts fail for lack of capacity until then. */
  noCapacityUntilMs = 0;
  /** Activities that are delivered again, and after how many ms. */
  readonly deliveredAgain = new Map<string, number>();
  /** How many commits until the host is killed. */
  commitsLeft = Number.POSITIVE_INFINITY;
  #restart: (() => Promise<SimulatedApp>) | null = null;
  #isStarting = false;
  #afterKill: () => void = () => undefined;
  readonly #state = new LastingState();
  readonly #table: Table;
  readonly #timersFireEarly: boolean;

  constructor({ seed, estate, policy, timersFireEarly }: Story) {
    this.#timersFireEarly = timersFireEarly;
    this.policy = policy;
    this.simulator = createSimulator({
      seed,
      estate,
      record: (exchange) => this.log.exchange(exchange),
    });
    this.log = new AzureLog(
      () => this.simulator.truth(),
      () => ({ policy: this.policy, stops: this.stops, storeIsAway: this.storeIsAway }),
    );
    const table = sqliteTable(':memory:');
    this.store = connectStore(table);
    this.#table = unlessAway(table, () => this.storeIsAway);
  }

  async open(): Promise<void> {
    const simulator = { ...this.simulator, httpClient: this.#line() };
    this.#isStarting = true;
    const app = await startSimulatedApp({
      simulator: simulator as unknown as Simulator,
      stateFile: this.#state.path,
      // As often as deployed, but for looks that would find nothing: see `restore`.
      restorationSchedule: '0 0 0 1 1 *',
      table: this.#table,
      afterCommit: () => this.#committed(),
      timersFireEarly: this.#timersFireEarly,
      redeliverAfter: (activity) => this.deliveredAgain.get(activity) ?? null,
      log: ({ message }) => {
        if (message.includes('"event":"alert"')) this.alerts.push(message);
      },
    });
    this.#restart = () => app.restart();
    this.#started(app);
    this.usePolicy(this.policy);
  }

  usePolicy(policy: StoryPolicy | 'broken'): void {
    this.policy = policy;
    this.#setPolicy(policy === 'broken' ? new ConfigError(['a wrong edit']) : toPolicy(policy));
    this.log.picture();
  }

  setStops(stops: readonly string[]): void {
    this.stops = stops;
    this.log.picture();
  }

  /** Ends the host as `kill -9` does; `then` runs once it is down. */
  kill(then: () => void): void {
    if (this.app === null) return;
    this.app.host.kill();
    this.app = null;
    this.log.deed('crashed', '');
    then();
  }

  /** The host is killed right after so many commits from now on. */
  killAfterCommits(commits: number, then: () => void): void {
    this.commitsLeft = commits;
    this.#afterKill = then;
  }

  loseState(): void {
    this.#state.lose();
    this.log.deed('state-lost', '');
  }

  async restart(): Promise<void> {
    if (this.app !== null || this.#isStarting || this.#restart === null) return;
    this.#isStarting = true;
    this.#started(await this.#restart());
  }

  /** Begins a sweep, and notes what earlier instances have left to it. */
  async sweep(): Promise<void> {
    const { app } = this;
    if (app === null) return;
    for (const { id, powerState, tags } of this.simulator.truth().vms) {
      if (powerState !== 'deallocated' || tags['keyturn:off-by'] === undefined) continue;
      const path = `/runtime/webhooks/durabletask/instances/${instanceIdFor('vm', id)}`;
      const { body } = await app.ask('GET', path);
      const { runtimeStatus } = (body ?? {}) as { readonly runtimeStatus?: string };
      const hasEnded = runtimeStatus === 'Completed' || runtimeStatus === 'Failed';
      if (hasEnded) this.log.deed('ended-while-off', id);
    }
    // It may have been killed meanwhile.
    await this.app?.runSweep();
  }

  /** The look at VMs that were left off; without any lease it reads one row and ends. */
  async restore(): Promise<void> {
    if ((await this.store.leases.list()).length > 0) await this.app?.runRestoration();
  }

  async close(): Promise<void> {
    await this.app?.host.stop();
    this.#state.close();
    this.simulator.close();
  }

  #started(app: SimulatedApp): void {
    this.#isStarting = false;
    this.app = app;
    this.#setPolicy = app.setPolicy;
    this.log.deed('host-started', '');
    if (this.commitsLeft < 1) this.#killOnce();
  }

  #setPolicy: SimulatedApp['setPolicy'] = () => undefined;

  #committed(): void {
    this.commitsLeft -= 1;
    // A host that is still starting is killed as soon as it has.
    if (this.commitsLeft >= 1 || this.#isStarting) return;
    this.#killOnce();
  }

  #killOnce(): void {
    this.commitsLeft = Number.POSITIVE_INFINITY;
    this.kill(this.#afterKill);
  }

  #line(): HttpClient {
    const azure = this.simulator.httpClient as unknown as HttpClient;
    return {
      sendRequest: async (request: Request) => {
        request.headers.set(SENT_AT, String(Date.now()));
        const path = decodeURIComponent(new URL(request.url).pathname);
        const send = (): void => {
          // Azure takes the call, and nobody hears the answer.
          azure.sendRequest(request).catch(() => undefined);
        };
        this.#noteSending(request.method, path);
        if ((await this.onCall(request.method, path, send)) === 'never') {
          this.#noteAnswer(path, null);
          return FOREVER;
        }
        this.#failForCapacity(request.method, path);
        try {
          const response = await azure.sendRequest(request);
          this.#noteAnswer(path, response.status);
          return response;
        } catch (error) {
          this.#noteAnswer(path, null);
          throw error;
        }
      },
    };
  }

  #noteSending(method: string, path: string): void {
    const [, vmId, verb] = /^(.*)\/(deallocate|start)$/.exec(path) ?? [];
    if (method !== 'POST' || !vmId) return;
    this.log.picture();
    this.log.deed(verb === 'start' ? 'start-sent' : 'deallocation-sent', vmId);
  }

  #noteAnswer(path: string, status: number | null): void {
    const [, vmId] = /^(.*)\/deallocate$/.exec(path) ?? [];
    if (!vmId || (status !== null && status < 400)) return;
    const isRefusal = status !== null && status < 500;
    this.log.deed(isRefusal ? 'deallocation-refused' : 'deallocation-unheard', vmId);
  }

  #failForCapacity(method: string, path: string): void {
    if (method !== 'POST' || !path.endsWith('/start') || Date.now() >= this.noCapacityUntilMs)
      return;
    const failure = { code: 'AllocationFailed', message: 'No capacity is left.' };
    this.simulator.faults.failOperationNext({ method: 'POST', path: /\/start$/ }, failure);
  }
}

function toPolicy(policy: StoryPolicy): ConversionPolicy {
  const parsed = parsePolicy(JSON.stringify(policy));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return { ...parsed.policy, scope: parsed.policy.scope.filter(isEntry) };
}

function isEntry(
  entry: WrittenPolicy['scope'][number],
): entry is ConversionPolicy['scope'][number] {
  return 'subscriptionId' in entry;
}

function unlessAway(table: Table, isAway: () => boolean): Table {
  return guardedTable(table, () => {
    if (isAway()) throw new StoreUnavailableError('use the store', { code: 'Away' });
    return undefined;
  });
}
