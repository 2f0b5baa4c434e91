import type { RegisteredFunction, RpcData } from '../functions-core.ts';
import { type Log, messageOf } from '../host-log.ts';
import type { Worker } from '../worker.ts';
import { callActivity } from './activity-call.ts';
import { activityFailureDetails } from './failure.ts';
import type { FunctionCatalog } from './function-catalog.ts';
import { EVENT_TYPE, type HistoryEvent, historyEvent } from './history-event.ts';
import type { ActivityTask } from './instance.ts';
import type { InstanceStore } from './instance-store.ts';

const RETRY_MS = 1_000;

/**
 * Runs the activities of the task list. A task leaves the list with its result, so one that ran
 * when the process died runs again: at least once.
 */
export class ActivityRunner {
  readonly #store: InstanceStore;
  readonly #worker: Worker;
  readonly #catalog: FunctionCatalog;
  readonly #extraInputs: (fn: RegisteredFunction) => { name: string; data: RpcData }[];
  readonly #log: Log;
  readonly #limit: number;
  readonly #onResult: (instanceId: string) => void;
  readonly #redeliverAfter: (activity: string) => number | null;
  #running = 0;
  #lastTaken = 0;
  #stopped = false;

  constructor(options: {
    store: InstanceStore;
    worker: Worker;
    catalog: FunctionCatalog;
    extraInputs: (fn: RegisteredFunction) => { name: string; data: RpcData }[];
    log: Log;
    limit: number;
    onResult: (instanceId: string) => void;
    redeliverAfter: (activity: string) => number | null;
  }) {
    this.#store = options.store;
    this.#worker = options.worker;
    this.#catalog = options.catalog;
    this.#extraInputs = options.extraInputs;
    this.#log = options.log;
    this.#limit = options.limit;
    this.#onResult = options.onResult;
    this.#redeliverAfter = options.redeliverAfter;
  }

  get running(): number {
    return this.#running;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Takes as many tasks as there are free slots. */
  fill(): void {
    if (this.#stopped || !this.#store.isOpen || this.#running >= this.#limit) return;
    for (const task of this.#store.tasksAfter(this.#lastTaken, this.#limit - this.#running)) {
      this.#lastTaken = task.seq;
      this.#running += 1;
      void this.#run(task);
    }
  }

  async #run(task: ActivityTask): Promise<void> {
    const event = await this.#resultOf(task);
    const againAfterMs = this.#redeliverAfter(task.name);
    if (againAfterMs !== null) setTimeout(() => void this.#runAgain(task), againAfterMs);
    this.#commit(task, event);
  }

  /** Its result has been told: this one is nobody's. */
  async #runAgain(task: ActivityTask): Promise<void> {
    if (!this.#stopped && this.#store.isOpen) await this.#resultOf(task);
  }

  /** Again and again, should the state file fail for a moment: the activity has run. */
  #commit(task: ActivityTask, event: HistoryEvent): void {
    if (!this.#store.isOpen) return;
    const { instanceId, executionId } = task;
    try {
      const isWanted = this.#store.transaction(() => {
        const ended = this.#store.endTask(task.seq);
        if (ended) this.#store.send({ instanceId, executionId, dueAt: 0, event });
        return ended;
      });
      this.#running -= 1;
      if (isWanted) this.#onResult(instanceId);
      this.fill();
    } catch (error) {
      if (!this.#store.isOpen) return;
      this.#log({ level: 'error', message: messageOf(error), instanceId });
      setTimeout(() => this.#commit(task, event), RETRY_MS);
    }
  }

  async #resultOf(task: ActivityTask): Promise<HistoryEvent> {
    const TaskScheduledId = task.taskId;
    try {
      const fn = this.#catalog.activity(task.name);
      if (fn === null) throw new Error(`The activity '${task.name}' is not registered.`);
      const Result = await callActivity(this.#worker, fn, task, this.#extraInputs(fn));
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
