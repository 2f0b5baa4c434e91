/** `actionType` of what an orchestrator asks for. Source: durable-functions 3.5.0, ActionType. */
export const ACTION_TYPE = {
  callActivity: 0,
  callActivityWithRetry: 1,
  callChild: 2,
  callChildWithRetry: 3,
  continueAsNew: 4,
  createTimer: 5,
  waitForEvent: 6,
  whenAny: 11,
  whenAll: 12,
} as const;

/** Actions that the embedded host does not carry out, by `actionType`. */
export const UNSUPPORTED_ACTIONS: Readonly<Record<number, string>> = {
  7: 'callEntity',
  8: 'callHttp',
  9: 'signalEntity',
  10: 'signalEntity',
  13: 'lock',
  14: 'lock',
};

interface RetryOptions {
  readonly firstRetryIntervalInMilliseconds: number;
  readonly maxNumberOfAttempts: number;
  readonly backoffCoefficient?: number;
  readonly maxRetryIntervalInMilliseconds?: number;
}

export interface Action {
  readonly actionType: number;
  readonly functionName?: string;
  readonly input?: unknown;
  readonly instanceId?: string;
  readonly version?: string;
  readonly retryOptions?: RetryOptions;
  readonly fireAt?: string;
  readonly isCanceled?: boolean;
  readonly externalEventName?: string;
  readonly compoundActions?: readonly Action[];
}

/** What an orchestrator answered in one episode. */
export interface OrchestratorState {
  readonly isDone: boolean;
  /** All actions since the start of this execution, not only the new ones. */
  readonly actions: readonly Action[];
  readonly output?: unknown;
  readonly error?: string;
  readonly customStatus?: unknown;
}

/** How long to wait after so many attempts. */
export function retryDelayMs({ retryOptions }: Action, attempts: number): number {
  const { firstRetryIntervalInMilliseconds: firstMs = 0, backoffCoefficient = 1 } =
    retryOptions ?? {};
  const longestMs = retryOptions?.maxRetryIntervalInMilliseconds ?? Number.POSITIVE_INFINITY;
  return Math.min(firstMs * backoffCoefficient ** (attempts - 1), longestMs);
}
