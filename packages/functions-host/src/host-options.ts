import type { Log } from './host-log.ts';
import type { HostKeys } from './http/access.ts';

export interface HostOptions {
  /** Imports or registers the app; called when `@azure/functions-core` is in place. */
  readonly load: () => unknown;
  /**
   * SQLite file with all durable state; `:memory:` keeps nothing. One host at a time.
   *
   * @throws StateFileError when it is in use, damaged or not writable.
   */
  readonly stateFile: string;
  /** On 127.0.0.1, 0 for any free one; null opens no socket: use `request()`. */
  readonly port: number | null;
  /** Null: keys are not enforced, as `func start` does locally. */
  readonly keys: HostKeys | null;
  readonly log?: Log;
  readonly taskHub?: string;
  /**
   * `extensions.durableTask.defaultVersion` of host.json: which new instances are given. Instances
   * of a newer one fail; absent: none is given, and none is too new.
   */
  readonly defaultVersion?: string;
  readonly routePrefix?: string;
  readonly maxConcurrentActivities?: number;
  /** For crash tests: called right after each commit to the state file. */
  readonly afterCommit?: () => void;
  /**
   * For tests: durable timers fire up to a second early, as they do on Azure Storage, though never
   * at once.
   */
  readonly timersFireEarly?: boolean;
  /**
   * For tests: asked once an activity has ended; so many ms later it is run once more, to no end, as
   * by a queue that took the message for lost. Null: it is not.
   */
  readonly redeliverAfter?: (activity: string) => number | null;
}

export interface Host {
  readonly url: string;
  readonly functionNames: readonly string[];
  /** The whole HTTP surface without a socket. */
  request(request: Request): Promise<Response>;
  /** No invocation is running and no message is due now. */
  idle(): boolean;
  /** ms since the epoch of the next durable timer, retry or timer function; null for none. */
  nextDueAt(): number | null;
  /** Lets running invocations end for up to five seconds, then closes sockets and file. */
  stop(): Promise<void>;
  /** For tests: ends like `kill -9`; nothing of this host writes any more. */
  kill(): void;
  /**
   * For tests: ends an instance as the genuine host does whose worker died in an episode. No code of
   * the orchestrator runs for it.
   */
  failInstance(instanceId: string): void;
}
