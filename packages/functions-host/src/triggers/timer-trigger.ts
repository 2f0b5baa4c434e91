import { Alarm } from '../alarm.ts';
import type { RegisteredFunction, RpcData } from '../functions-core.ts';
import { type Log, messageOf } from '../host-log.ts';
import type { Worker } from '../worker.ts';
import { nextOccurrence, parseSchedule, type Schedule } from './ncrontab.ts';
import type { TimerRecord, TimerStore } from './timer-store.ts';

const NEVER = '0001-01-01T00:00:00+00:00';

/** One timer function: runs when due, never twice at once. */
export class TimerTrigger {
  readonly #fn: RegisteredFunction;
  readonly #binding: string;
  readonly #text: string;
  readonly #schedule: Schedule;
  readonly #runsOnStartup: boolean;
  readonly #isMonitored: boolean;
  readonly #worker: Worker;
  readonly #store: TimerStore;
  readonly #log: Log;
  readonly #extraInputs: () => { name: string; data: RpcData }[];
  readonly #alarm = new Alarm(() => void this.#ring());
  #record: TimerRecord;
  #runs = 0;
  #isStopped = false;

  constructor(
    fn: RegisteredFunction,
    options: {
      worker: Worker;
      store: TimerStore;
      log: Log;
      extraInputs: () => { name: string; data: RpcData }[];
    },
  ) {
    const [name, binding] = Object.entries(fn.bindings).find(
      ([, { type }]) => type === 'timerTrigger',
    ) ?? ['', { type: '' }];
    this.#fn = fn;
    this.#binding = name;
    this.#text = String(binding['schedule']);
    this.#schedule = parseSchedule(this.#text);
    this.#runsOnStartup = binding['runOnStartup'] === true;
    this.#isMonitored = binding['useMonitor'] !== false;
    this.#worker = options.worker;
    this.#store = options.store;
    this.#log = options.log;
    this.#extraInputs = options.extraInputs;
    this.#record = this.#firstRecord();
  }

  /** ms since the epoch. */
  get nextDueAt(): number {
    return this.#record.nextAt;
  }

  get isIdle(): boolean {
    return this.#runs === 0 && this.#record.nextAt > Date.now();
  }

  /** An occurrence that passed while no host ran is made up for once, unless not monitored. */
  start(): void {
    const isPastDue = this.#record.nextAt <= Date.now();
    if (this.#isMonitored && !isPastDue) this.#store.put(this.#fn.name, this.#record);
    if (this.#runsOnStartup || isPastDue) void this.#run(isPastDue);
    else this.#alarm.set(this.#record.nextAt);
  }

  stop(): void {
    this.#isStopped = true;
    this.#alarm.set(null);
  }

  /** Runs it out of turn; the schedule stays as it is. */
  async runNow(): Promise<void> {
    this.#runs += 1;
    try {
      await this.#invoke(false);
    } finally {
      this.#runs -= 1;
    }
  }

  #firstRecord(): TimerRecord {
    const stored = this.#isMonitored ? this.#store.find(this.#fn.name) : null;
    if (stored?.schedule === this.#text) return stored;
    const now = Date.now();
    return { schedule: this.#text, lastAt: null, nextAt: this.#after(now), updatedAt: now };
  }

  #after(time: number): number {
    return nextOccurrence(this.#schedule, time) ?? Number.MAX_SAFE_INTEGER;
  }

  async #ring(): Promise<void> {
    if (!this.#isStopped) await this.#run(false);
  }

  async #run(isPastDue: boolean): Promise<void> {
    this.#runs += 1;
    const dueAt = this.#record.nextAt;
    const wasDue = dueAt <= Date.now();
    await this.#invoke(isPastDue);
    this.#runs -= 1;
    if (this.#isStopped || !this.#store.isOpen) return;
    const now = Date.now();
    this.#record = {
      schedule: this.#text,
      lastAt: now,
      // A clock that was set back must not bring the same occurrence again.
      nextAt: wasDue ? this.#after(Math.max(now, dueAt)) : dueAt,
      updatedAt: now,
    };
    if (this.#isMonitored) this.#store.put(this.#fn.name, this.#record);
    this.#alarm.set(this.#record.nextAt);
  }

  async #invoke(isPastDue: boolean): Promise<void> {
    const { lastAt, nextAt, updatedAt } = this.#record;
    const data: RpcData = {
      data: 'json',
      json: JSON.stringify({
        Schedule: { AdjustForDST: true },
        ScheduleStatus: {
          Last: lastAt === null ? NEVER : withOffset(lastAt),
          Next: withOffset(nextAt),
          LastUpdated: withOffset(updatedAt),
        },
        IsPastDue: isPastDue,
      }),
    };
    try {
      await this.#worker.invoke(this.#fn, {
        data: [{ name: this.#binding, data }, ...this.#extraInputs()],
      });
    } catch (error) {
      const message = messageOf(error);
      this.#log({ level: 'error', message, functionName: this.#fn.name, error });
    }
  }
}

/** Recorded: whole seconds go without a fraction. */
function withOffset(time: number): string {
  const clamped = Math.min(time, 8_640_000_000_000_000);
  return new Date(clamped).toISOString().replace(/(\.000)?Z$/, '+00:00');
}
