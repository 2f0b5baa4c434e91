import type { HistoryEvent } from './history-event.ts';

export type RuntimeStatus =
  | 'Pending'
  | 'Running'
  | 'Suspended'
  | 'Completed'
  | 'Failed'
  | 'Terminated';

/** One orchestration instance. JSON texts are null where there is no value. */
export interface Instance {
  readonly id: string;
  readonly executionId: string;
  readonly name: string;
  readonly status: RuntimeStatus;
  readonly input: string | null;
  readonly output: string | null;
  readonly customStatus: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly generation: number | null;
  /** Continued as new: its first episode is due without a message. */
  readonly fresh: boolean;
}

export interface Message {
  readonly instanceId: string;
  /** Only for this execution; null for whichever runs. */
  readonly executionId: string | null;
  /** ms since the epoch; 0 for at once, whichever way the clock jumps. */
  readonly dueAt: number;
  readonly event: HistoryEvent;
}

export interface ActivityTask {
  readonly seq: number;
  readonly instanceId: string;
  readonly executionId: string;
  readonly taskId: number;
  readonly name: string;
  /** JSON text of the action's input; null for none. */
  readonly input: string | null;
}

export interface InstanceFilter {
  readonly prefix: string;
  readonly statuses: readonly string[];
  readonly createdFrom: number | null;
  readonly createdTo: number | null;
  readonly fromId: string;
  readonly limit: number;
}

const FINISHED: ReadonlySet<string> = new Set(['Completed', 'Failed', 'Terminated']);

export function isFinished({ status }: Pick<Instance, 'status'>): boolean {
  return FINISHED.has(status);
}
