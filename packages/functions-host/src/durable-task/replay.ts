import { ACTION_TYPE, type Action, retryDelayMs, UNSUPPORTED_ACTIONS } from './action.ts';
import { EVENT_TYPE, type HistoryEvent } from './history-event.ts';

/** Work that the actions of an orchestrator open, under the task id that it gets. */
export type Opened =
  | { readonly kind: 'activity'; readonly name: string; readonly input: unknown }
  | {
      readonly kind: 'child';
      readonly name: string;
      readonly instanceId: string | null;
      /** Null: the host's. */
      readonly version: string | null;
      readonly input: unknown;
    }
  | { readonly kind: 'timer'; readonly fireAt: string };

/** The registered functions; null for what nobody registered. */
export interface Known {
  activity(name: string): object | null;
  orchestrator(name: string): object | null;
}

type Done = (failed: boolean) => void;

/** Longest single timer and the piece that longer ones are cut into, as sent to the worker. */
const LONGEST_TIMER_MS = 6 * 86_400_000;
const TIMER_PIECE_MS = 3 * 86_400_000;

/**
 * Goes through an orchestrator's actions as the Durable extension does: one after the other, each
 * awaited, with what the history says about them. Task ids come from the order in which work is
 * opened, and must agree with those that durable-functions counts for itself.
 *
 * Source: recorded; a WhenAll whose first task failed still waits for the others, and a retry opens
 * a timer after each failure, also after the last.
 */
export class Replay {
  readonly opened = new Map<number, Opened>();
  readonly unknownNames: string[] = [];
  unsupported: string | null = null;
  continueAsNew: { readonly input: unknown } | null = null;
  suspended = false;
  terminated: { readonly reason: string | null } | null = null;
  /** All actions were gone through. */
  ended = false;

  readonly #actions: readonly Action[];
  readonly #known: Known;
  readonly #open = new Map<number, Done>();
  readonly #waits = new Map<string, (() => void)[]>();
  readonly #unclaimed = new Map<string, number>();
  readonly #held: HistoryEvent[] = [];
  readonly #fired: ReadonlySet<unknown>;
  #nowMs = 0;

  constructor(actions: readonly Action[], known: Known, history: readonly HistoryEvent[]) {
    this.#actions = actions;
    this.#known = known;
    this.#fired = new Set(
      history.map((event) => event['TimerId']).filter((id) => id !== undefined),
    );
    for (const event of history) this.#apply(event);
  }

  /** Open tasks keep an instance alive, also after the orchestrator has returned. */
  get hasOpenTasks(): boolean {
    return this.#open.size > 0;
  }

  #apply(event: HistoryEvent): void {
    switch (event.EventType) {
      case EVENT_TYPE.orchestratorStarted:
        this.#nowMs = Math.max(this.#nowMs, Date.parse(event.Timestamp));
        return;
      case EVENT_TYPE.executionSuspended:
        this.suspended = true;
        return;
      case EVENT_TYPE.executionResumed:
        this.suspended = false;
        for (const held of this.#held.splice(0)) this.#complete(held);
        return;
      case EVENT_TYPE.executionTerminated:
        this.terminated = { reason: event['Input'] as string | null };
        return;
      default:
        if (this.suspended) this.#held.push(event);
        else this.#complete(event);
    }
  }

  #complete(event: HistoryEvent): void {
    switch (event.EventType) {
      case EVENT_TYPE.executionStarted:
        this.#inTurn(this.#actions, 0);
        return;
      case EVENT_TYPE.taskCompleted:
      case EVENT_TYPE.childCompleted:
        this.#close(Number(event['TaskScheduledId']), false);
        return;
      case EVENT_TYPE.taskFailed:
      case EVENT_TYPE.childFailed:
        this.#close(Number(event['TaskScheduledId']), true);
        return;
      case EVENT_TYPE.timerFired:
        this.#close(Number(event['TimerId']), false);
        return;
      case EVENT_TYPE.eventRaised:
        this.#raise(eventKey(String(event['Name'])));
    }
  }

  #close(id: number, failed: boolean): void {
    const done = this.#open.get(id);
    this.#open.delete(id);
    done?.(failed);
  }

  #raise(key: string): void {
    const waiter = this.#waits.get(key)?.shift();
    if (waiter !== undefined) waiter();
    else this.#unclaimed.set(key, (this.#unclaimed.get(key) ?? 0) + 1);
  }

  #inTurn(actions: readonly Action[], at: number): void {
    const action = actions[at];
    if (action === undefined) this.ended = true;
    else this.#perform(action, () => this.#inTurn(actions, at + 1));
  }

  #perform(action: Action, done: Done): void {
    const unsupported = UNSUPPORTED_ACTIONS[action.actionType];
    if (unsupported !== undefined) this.unsupported = unsupported;
    else this.#performSupported(action, done);
  }

  #performSupported(action: Action, done: Done): void {
    const parts = action.compoundActions ?? [];
    switch (action.actionType) {
      case ACTION_TYPE.callActivity:
      case ACTION_TYPE.callChild:
        this.#call(action, done);
        break;
      case ACTION_TYPE.callActivityWithRetry:
      case ACTION_TYPE.callChildWithRetry:
        this.#callWithRetry(action, done);
        break;
      case ACTION_TYPE.createTimer:
        this.#timer(String(action.fireAt), action.isCanceled === true, done);
        break;
      case ACTION_TYPE.waitForEvent:
        this.#wait(eventKey(String(action.externalEventName)), done);
        break;
      case ACTION_TYPE.whenAny:
        this.#compound(parts, 1, done);
        break;
      case ACTION_TYPE.whenAll:
        this.#compound(parts, parts.length, done);
        break;
      case ACTION_TYPE.continueAsNew:
        this.continueAsNew = { input: action.input };
        done(false);
        break;
      default:
        this.unsupported = `action ${action.actionType}`;
    }
  }

  #compound(actions: readonly Action[], needed: number, done: Done): void {
    let missing = needed;
    for (const action of actions) {
      this.#perform(action, () => {
        missing -= 1;
        if (missing === 0) done(false);
      });
    }
  }

  #call(action: Action, done: Done): void {
    const name = String(action.functionName);
    const isChild = action.actionType === 2 || action.actionType === 3;
    const known = isChild ? this.#known.orchestrator(name) : this.#known.activity(name);
    if (known === null) {
      // The extension swallows its own refusal, so nothing is scheduled and no id is used (recorded).
      this.unknownNames.push(name);
      done(false);
      return;
    }
    const { input, instanceId = null, version = null } = action;
    this.#openTask(
      isChild
        ? { kind: 'child', name, instanceId, version, input }
        : { kind: 'activity', name, input },
      done,
    );
  }

  #callWithRetry(action: Action, done: Done): void {
    let attempts = 0;
    const attempt = () =>
      this.#call(action, (failed) => {
        if (!failed) {
          done(false);
          return;
        }
        attempts += 1;
        const isLast = attempts >= (action.retryOptions?.maxNumberOfAttempts ?? 1);
        const fireAt = this.#nowMs + (isLast ? 0 : retryDelayMs(action, attempts));
        this.#openTask({ kind: 'timer', fireAt: new Date(fireAt).toISOString() }, () =>
          isLast ? done(true) : attempt(),
        );
      });
    attempt();
  }

  #timer(fireAt: string, isCancelled: boolean, done: Done): void {
    const remainingMs = Date.parse(fireAt) - this.#nowMs;
    const isLong = remainingMs > LONGEST_TIMER_MS;
    const next = isLong ? new Date(this.#nowMs + TIMER_PIECE_MS).toISOString() : fireAt;
    const id = this.#openTask({ kind: 'timer', fireAt: next }, () => {
      if (isLong) this.#timer(fireAt, isCancelled, done);
      else done(false);
    });
    // A long timer may have been cancelled after some of its pieces.
    if (isCancelled && !(isLong && this.#fired.has(id))) this.#cancel(id, done);
  }

  #cancel(id: number, done: Done): void {
    this.#open.delete(id);
    done(false);
  }

  #wait(key: string, done: Done): void {
    const unclaimed = this.#unclaimed.get(key) ?? 0;
    if (unclaimed > 0) {
      this.#unclaimed.set(key, unclaimed - 1);
      done(false);
      return;
    }
    const waiters = this.#waits.get(key) ?? [];
    waiters.push(() => done(false));
    this.#waits.set(key, waiters);
  }

  #openTask(opened: Opened, done: Done): number {
    const id = this.opened.size;
    this.opened.set(id, opened);
    this.#open.set(id, done);
    return id;
  }
}

/** Names of external events are not case-sensitive for the extension. */
const eventKey = (name: string): string => name.toLowerCase();
