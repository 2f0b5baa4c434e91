import type { InvocationContext } from '@azure/functions';
import {
  type DurableClient,
  getClient,
  type OrchestrationContext,
  RetryOptions,
  type Task,
} from 'durable-functions';

/** A piece of an orchestrator that yields durable tasks and returns `T`. Run it with `yield*`. */
export type Step<T> = Generator<Task, T, unknown>;

const LONGEST_DELAY_MS = 60_000;

/** The delay doubles after each attempt, up to a minute. */
interface Retry {
  readonly attempts: number;
  readonly firstDelayMs: number;
}

/**
 * An activity: its name in the durable history, its handler, and a typed way to call it.
 * Renaming one strands running instances; add a new one instead.
 */
export interface Activity<Services, Input, Output> {
  readonly name: string;
  /** Input and output are plain JSON objects: the host garbles bare strings and booleans. */
  readonly handler: (
    services: Services,
  ) => (input: Input, context: InvocationContext) => Promise<Output>;
  /** Whether its handler asks for the durable client, which the host then hands to it. */
  readonly needsClient: boolean;
  call(context: OrchestrationContext, input: Input): Step<Output>;
}

/** Defines an activity; whatever it throws is retried, then fails the orchestrator. */
export function defineActivity<Services, Input extends object, Output>(
  name: string,
  retry: Retry,
  handler: Activity<Services, Input, Output>['handler'],
): Activity<Services, Input, Output> {
  return {
    name,
    handler,
    needsClient: false,
    *call(context, input) {
      // Never `retryTimeoutInMilliseconds`: when it elapses, `finally` blocks do not run.
      const options = new RetryOptions(retry.firstDelayMs, retry.attempts);
      options.backoffCoefficient = 2;
      options.maxRetryIntervalInMilliseconds = LONGEST_DELAY_MS;
      return (yield context.df.callActivityWithRetry(name, options, input)) as Output;
    },
  };
}

/** Defines an activity whose effect is on other instances, through the durable client. */
export function defineClientActivity<Services, Input extends object, Output>(
  name: string,
  retry: Retry,
  handler: (services: Services, client: DurableClient) => (input: Input) => Promise<Output>,
): Activity<Services, Input, Output> {
  const activity = defineActivity<Services, Input, Output>(
    name,
    retry,
    (services) => (input, context) => handler(services, getClient(context))(input),
  );
  return { ...activity, needsClient: true };
}

/** An orchestrator: its name in the durable history and its body. */
export interface Orchestrator<Input> {
  readonly name: string;
  readonly handler: (context: OrchestrationContext) => Generator<Task, unknown, unknown>;
  /** Carries the input's type to whoever starts it; never set. */
  readonly input?: Input;
}

/** Defines an orchestrator; its input is a plain JSON object that carries ids, never state. */
export function defineOrchestrator<Input extends object>(
  name: string,
  body: (context: OrchestrationContext, input: Input) => Step<unknown>,
): Orchestrator<Input> {
  return { name, handler: (context) => body(context, context.df.getInput<Input>()) };
}

/** Waits on a durable timer, which may fire up to a second early on Azure Storage. */
export function* sleep(context: OrchestrationContext, ms: number): Step<void> {
  yield context.df.createTimer(later(context, ms));
}

/** The external event that asks an instance to stop at the next safe point. */
export const STOP_EVENT = 'stop';

/** The waits for a stop that an instance has opened; the context is new at each replay. */
const stopWaits = new WeakMap<OrchestrationContext, Task[]>();

/**
 * Waits, and ends early when somebody asks the instance to stop.
 *
 * With 0 ms it asks whether somebody has. Each call opens its own wait for the event: an event
 * that came before is kept by the host until a wait takes it. One that comes between two calls is
 * taken by the earlier wait, whose race is over (durable-functions 3.5.0), so that is asked too.
 *
 * @returns whether a stop was asked for.
 */
export function* waitForStop(context: OrchestrationContext, ms: number): Step<boolean> {
  const waits = stopWaits.get(context) ?? [];
  if (waits.some(({ isCompleted }) => isCompleted)) return true;
  const timer = context.df.createTimer(later(context, ms));
  const stop = context.df.waitForExternalEvent(STOP_EVENT);
  stopWaits.set(context, [...waits, stop]);
  const first = yield context.df.Task.any([stop, timer]);
  if (first === timer) return false;
  // An instance ends only when its timers have: recorded on the genuine host.
  timer.cancel();
  return true;
}

function later(context: OrchestrationContext, ms: number): Date {
  return new Date(context.df.currentUtcDateTime.getTime() + ms);
}
