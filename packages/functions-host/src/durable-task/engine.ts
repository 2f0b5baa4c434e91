import { Alarm } from '../alarm.ts';
import type { RegisteredFunction, RpcData } from '../functions-core.ts';
import { type Log, messageOf } from '../host-log.ts';
import type { Worker } from '../worker.ts';
import { ActivityRunner } from './activity-runner.ts';
import { decideEpisode, type Episode, failed, jsonText } from './episode.ts';
import { commitEpisode } from './episode-commit.ts';
import { failInstance } from './fail-instance.ts';
import { FunctionCatalog } from './function-catalog.ts';
import { EVENT_TYPE, type HistoryEvent, historyEvent, versionIn } from './history-event.ts';
import { type Instance, isFinished, type Message } from './instance.ts';
import type { InstanceStore } from './instance-store.ts';
import { isNewerVersion } from './is-newer-version.ts';
import { callOrchestrator } from './orchestrator-call.ts';

const RETRY_MS = 1_000;

/** Takes messages to orchestrators, runs activities, and lets timers fire. */
export class Engine {
  readonly #store: InstanceStore;
  readonly #worker: Worker;
  readonly #log: Log;
  readonly #defaultVersion: string | null;
  readonly #timersFireEarly: boolean;
  readonly #catalog: FunctionCatalog;
  readonly #activities: ActivityRunner;
  readonly #ready = new Set<string>();
  readonly #alarm = new Alarm(() => this.#wakeDue());
  #episodeRuns = false;
  #pumpIsSet = false;
  #stopped = false;

  constructor(options: {
    store: InstanceStore;
    worker: Worker;
    log: Log;
    /** The durable client, for activities that ask for it. */
    extraInputs: (fn: RegisteredFunction) => { name: string; data: RpcData }[];
    maxConcurrentActivities: number;
    /** Of this app's orchestrators; null: instances carry none. */
    defaultVersion: string | null;
    timersFireEarly: boolean;
    redeliverAfter: (activity: string) => number | null;
  }) {
    this.#store = options.store;
    this.#worker = options.worker;
    this.#log = options.log;
    this.#defaultVersion = options.defaultVersion;
    this.#timersFireEarly = options.timersFireEarly;
    this.#catalog = new FunctionCatalog(options.worker);
    this.#activities = new ActivityRunner({
      store: options.store,
      worker: options.worker,
      catalog: this.#catalog,
      extraInputs: options.extraInputs,
      log: options.log,
      limit: options.maxConcurrentActivities,
      onResult: (instanceId) => this.wake(instanceId),
      redeliverAfter: options.redeliverAfter,
    });
  }

  /** Goes on with whatever the state file holds. */
  start(): void {
    for (const id of this.#store.instancesWaiting(Date.now())) this.wake(id);
    this.#setAlarm();
    this.#activities.fill();
  }

  /** Takes nothing new; what runs may still end. */
  stop(): void {
    this.#stopped = true;
    this.#activities.stop();
    this.#alarm.set(null);
  }

  get isIdle(): boolean {
    return (
      !this.#episodeRuns &&
      this.#ready.size === 0 &&
      this.#activities.running === 0 &&
      !this.#isDue()
    );
  }

  /** ms since the epoch, or null. */
  get nextDueAt(): number | null {
    return this.#store.nextTimerAt(0);
  }

  wake(instanceId: string): void {
    this.#ready.add(instanceId);
    this.#setPump();
  }

  #isDue(): boolean {
    const next = this.nextDueAt;
    return next !== null && next <= Date.now();
  }

  #wakeDue(): void {
    if (this.#stopped || !this.#store.isOpen) return;
    if (this.#isDue()) {
      for (const id of this.#store.instancesWithDueTimers(Date.now())) this.wake(id);
    }
    this.#setAlarm();
  }

  #setAlarm(): void {
    if (this.#stopped || !this.#store.isOpen) return;
    this.#alarm.set(this.#store.nextTimerAt(Date.now()));
  }

  #setPump(): void {
    if (this.#pumpIsSet || this.#episodeRuns || this.#stopped) return;
    this.#pumpIsSet = true;
    setImmediate(() => {
      this.#pumpIsSet = false;
      void this.#runNext();
    });
  }

  /** One episode per turn of the event loop, so that requests are answered in between. */
  async #runNext(): Promise<void> {
    const [id] = this.#ready;
    if (id === undefined || this.#stopped || this.#episodeRuns) return;
    this.#ready.delete(id);
    this.#episodeRuns = true;
    try {
      await this.#runEpisode(id);
    } catch (error) {
      if (this.#store.isOpen) {
        this.#log({ level: 'error', message: messageOf(error), instanceId: id });
        // A disk that is full for a moment, say: the instance must not wait for ever.
        setTimeout(() => this.wake(id), RETRY_MS);
      }
    }
    this.#episodeRuns = false;
    if (this.#ready.size > 0) this.#setPump();
  }

  async #runEpisode(id: string): Promise<void> {
    if (!this.#store.isOpen) return;
    const instance = this.#store.find(id);
    const inbox = this.#store.inbox(id, Date.now());
    const current = inbox.filter((message) => isFor(message, instance));
    this.#drop(inbox.filter((message) => !current.includes(message)));
    if (instance === null || isFinished(instance)) return;
    // A continued instance runs once on its own before it takes messages (recorded).
    if (instance.fresh) {
      if (current.length > 0) this.#ready.add(id);
      await this.#callAndCommit(instance, []);
    } else if (current.length > 0) await this.#callAndCommit(instance, current);
  }

  /** Messages for an execution that has ended. */
  #drop(messages: readonly { readonly seq: number }[]): void {
    if (messages.length === 0) return;
    this.#store.transaction(() => {
      for (const { seq } of messages) this.#store.take(seq);
    });
  }

  async #callAndCommit(
    instance: Instance,
    inbox: readonly { readonly seq: number; readonly event: HistoryEvent }[],
  ): Promise<void> {
    const past = this.#store.history(instance.id);
    const events = inbox.map(({ event }) => event);
    const batch = instance.fresh ? [] : [historyEvent(EVENT_TYPE.orchestratorStarted), ...events];
    const { episode, customStatus } = await this.#decide(instance, past, batch);
    // It may have been failed meanwhile.
    if (!this.#store.isOpen || !isFor(instance, this.#store.find(instance.id))) return;
    const taken = inbox.map(({ seq }) => seq);
    const woken = commitEpisode(this.#store, {
      instance,
      past,
      batch,
      taken,
      episode,
      customStatus,
      defaultVersion: this.#defaultVersion,
      timersFireEarly: this.#timersFireEarly,
    });
    this.#complain(instance.id, episode.unknownNames, woken.refused);
    if (!this.#store.isOpen) return;
    for (const id of woken.instances) this.#ready.add(id);
    if (woken.hasActivities) this.#activities.fill();
    // A timer may have been due when it was created.
    this.#wakeDue();
  }

  /** Ends an instance without its orchestrator, if it has not ended. */
  fail(id: string): void {
    for (const each of failInstance(this.#store, id)) this.wake(each);
  }

  /** Two mistakes that the genuine host passes over in silence. */
  #complain(instanceId: string, unknown: readonly string[], refused: readonly string[]): void {
    const messages = [
      ...unknown.map((name) => `calls ${name}, which is not registered: it waits for ever.`),
      ...refused.map((id) => `did not start child ${id}, whose id is in use: it waits for ever.`),
    ];
    for (const message of messages) {
      this.#log({ level: 'error', message: `Instance ${instanceId} ${message}`, instanceId });
    }
  }

  async #decide(
    instance: Instance,
    past: readonly HistoryEvent[],
    batch: readonly HistoryEvent[],
  ): Promise<{ episode: Episode; customStatus: string | null }> {
    const { id, name } = instance;
    const fn = this.#catalog.orchestrator(name);
    if (fn === null) return notCalled(name, this.#catalog.unknownOrchestrator(name));
    const tooNew = this.#whyTooNew(versionIn([...past, ...batch]));
    if (tooNew !== null) return notCalled(name, tooNew);
    const sent = instance.fresh ? past.map((event) => ({ ...event, IsPlayed: false })) : past;
    const history = [...sent, ...batch];
    const isReplaying = past.length > 0 && !instance.fresh;
    const state = await callOrchestrator(this.#worker, fn, {
      instanceId: id,
      history,
      isReplaying,
    });
    const episode = decideEpisode(name, history, state, this.#catalog);
    return { episode, customStatus: jsonText(state.customStatus) };
  }

  /** As the strategies `CurrentOrOlder` and `Fail` of host.json. */
  #whyTooNew(version: string | null): string | null {
    const own = this.#defaultVersion;
    if (own === null || !isNewerVersion(version, own)) return null;
    return `Its version ${version} is newer than ${own}, which runs here.`;
  }
}

function notCalled(name: string, why: string): { episode: Episode; customStatus: null } {
  const episode: Episode = { opened: [], outcome: failed(name, why), unknownNames: [] };
  return { episode, customStatus: null };
}

function isFor({ executionId }: Pick<Message, 'executionId'>, instance: Instance | null): boolean {
  if (instance === null || isFinished(instance)) return false;
  return executionId === null || executionId === instance.executionId;
}
