import { Alarm } from '../alarm.ts';
import type { RegisteredFunction } from '../functions-core.ts';
import { type Log, messageOf } from '../log.ts';
import { triggerOf, type Worker } from '../worker.ts';
import { callActivity } from './activity-call.ts';
import { decideEpisode, type Episode, failed, jsonText } from './episode.ts';
import { commitEpisode } from './episode-commit.ts';
import { activityFailureDetails } from './failure.ts';
import { EVENT_TYPE, type HistoryEvent, historyEvent } from './history-event.ts';
import { type ActivityTask, type Instance, type InstanceStore, isFinished } from './instance-store.ts';
import { callOrchestrator } from './orchestrator-call.ts';

/** Takes messages to orchestrators, runs activities, and lets timers fire. */
export class Engine {
  readonly #store: InstanceStore;
  readonly #worker: Worker;
  readonly #log: Log;
  readonly #maxActivities: number;
  readonly #functions = new Map<string, RegisteredFunction>();
  readonly #ready = new Set<string>();
  readonly #alarm = new Alarm(() => this.#wakeDue());
  #episodeRuns = false;
  #pumpIsSet = false;
  #activitiesRunning = 0;
  #lastTask = 0;
  #stopped = false;

  constructor(options: {
    store: InstanceStore;
    worker: Worker;
    log: Log;
    maxConcurrentActivities: number;
  }) {
    this.#store = options.store;
    this.#worker = options.worker;
    this.#log = options.log;
    this.#maxActivities = options.maxConcurrentActivities;
    for (const fn of this.#worker.functions.values()) {
      this.#functions.set(`${triggerOf(fn)?.type} ${fn.name}`.toLowerCase(), fn);
    }
  }

  /** Goes on with whatever the state file holds. */
  start(): void {
    this.#wakeDue();
    this.#runActivities();
  }

  /** Takes nothing new; what runs may still end. */
  stop(): void {
    this.#stopped = true;
    this.#alarm.set(null);
  }

  get isIdle(): boolean {
    return (
      !this.#episodeRuns &&
      this.#ready.size === 0 &&
      this.#activitiesRunning === 0 &&
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
    for (const id of this.#store.instancesDue(Date.now())) this.wake(id);
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
      }
    }
    this.#episodeRuns = false;
    if (this.#ready.size > 0) this.#setPump();
  }

  async #runEpisode(id: string): Promise<void> {
    if (!this.#store.isOpen) return;
    const instance = this.#store.find(id);
    const inbox = this.#store.inbox(id, Date.now());
    const isStale = (executionId: string | null) =>
      executionId !== null && executionId !== instance?.executionId;
    const stale =
      instance === null || isFinished(instance)
        ? inbox
        : inbox.filter((message) => isStale(message.executionId));
    if (stale.length > 0) {
      this.#store.transaction(() => {
        for (const { seq } of stale) this.#store.take(seq);
      });
    }
    const current = inbox.filter((message) => !stale.includes(message));
    if (instance === null || isFinished(instance)) return;
    if (current.length === 0 && !instance.fresh) return;
    // A continued instance runs once on its own before it takes messages (recorded).
    await this.#callAndCommit(instance, instance.fresh ? [] : current);
  }

  async #callAndCommit(
    instance: Instance,
    inbox: readonly { readonly seq: number; readonly event: HistoryEvent }[],
  ): Promise<void> {
    const past = this.#store.history(instance.id);
    const events = inbox.map(({ event }) => event);
    const batch = instance.fresh ? [] : [historyEvent(EVENT_TYPE.orchestratorStarted), ...events];
    const { episode, customStatus } = await this.#decide(instance, past, batch);
    if (!this.#store.isOpen) return;
    const taken = inbox.map(({ seq }) => seq);
    const woken = commitEpisode(this.#store, { instance, past, batch, taken, episode, customStatus });
    for (const name of episode.unknownNames) {
      const message = `Instance ${instance.id} calls ${name}, which is not registered: it waits for ever.`;
      this.#log({ level: 'error', message, instanceId: instance.id });
    }
    for (const id of woken.refused) {
      const message = `Instance ${instance.id} did not start child ${id}: the id is in use.`;
      this.#log({ level: 'error', message, instanceId: instance.id });
    }
    if (!this.#store.isOpen) return;
    for (const id of woken.instances) this.#ready.add(id);
    if (woken.hasActivities) this.#runActivities();
    // What arrived meanwhile, and timers that are due already.
    this.#wakeDue();
  }

  async #decide(
    instance: Instance,
    past: readonly HistoryEvent[],
    batch: readonly HistoryEvent[],
  ): Promise<{ episode: Episode; customStatus: string | null }> {
    const fn = this.#find('orchestrationTrigger', instance.name);
    const { id, name } = instance;
    if (fn === undefined) {
      const outcome = failed(name, this.#unknownOrchestrator(name));
      return { episode: { opened: [], outcome, unknownNames: [] }, customStatus: null };
    }
    const sent = instance.fresh ? past.map((event) => ({ ...event, IsPlayed: false })) : past;
    const history = [...sent, ...batch];
    const isReplaying = past.length > 0 && !instance.fresh;
    const state = await callOrchestrator(this.#worker, fn, { instanceId: id, history, isReplaying });
    const episode = decideEpisode(name, history, state, {
      activity: (called) => this.#find('activityTrigger', called) !== undefined,
      orchestrator: (called) => this.#find('orchestrationTrigger', called) !== undefined,
    });
    return { episode, customStatus: jsonText(state.customStatus) };
  }

  #find(type: string, name: string): RegisteredFunction | undefined {
    return this.#functions.get(`${type} ${name}`.toLowerCase());
  }

  #unknownOrchestrator(name: string): string {
    const known = [...this.#functions.values()]
      .filter((fn) => triggerOf(fn)?.type === 'orchestrationTrigger')
      .map((fn) => `'${fn.name}'`);
    return (
      `The function '${name}' doesn't exist, is disabled, or is not an orchestrator function. ` +
      `Additional info: The following are the known orchestrator functions: ${known.join(', ')}.`
    );
  }

  #runActivities(): void {
    if (this.#stopped || !this.#store.isOpen) return;
    const free = this.#maxActivities - this.#activitiesRunning;
    if (free <= 0) return;
    for (const task of this.#store.tasksAfter(this.#lastTask, free)) {
      this.#lastTask = task.seq;
      this.#activitiesRunning += 1;
      void this.#runActivity(task);
    }
  }

  async #runActivity(task: ActivityTask): Promise<void> {
    const event = await this.#activityResult(task);
    this.#activitiesRunning -= 1;
    if (!this.#store.isOpen) return;
    const { instanceId, executionId } = task;
    const isWanted = this.#store.transaction(() => {
      const ended = this.#store.endTask(task.seq);
      if (ended) this.#store.send({ instanceId, executionId, dueAt: 0, event });
      return ended;
    });
    if (isWanted) this.wake(instanceId);
    this.#runActivities();
  }

  async #activityResult(task: ActivityTask): Promise<HistoryEvent> {
    const TaskScheduledId = task.taskId;
    try {
      const fn = this.#find('activityTrigger', task.name);
      if (fn === undefined) throw new Error(`The activity '${task.name}' is not registered.`);
      const Result = await callActivity(this.#worker, fn, task);
      return historyEvent(EVENT_TYPE.taskCompleted, { TaskScheduledId, Result });
    } catch (error) {
      return historyEvent(EVENT_TYPE.taskFailed, {
        TaskScheduledId,
        Reason: `Activity function '${task.name}' failed: ${messageOf(error)}`,
        Details: activityFailureDetails(error),
        FailureDetails: null,
      });
    }
  }
}
