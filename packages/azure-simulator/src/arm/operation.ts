import type { DurationKind } from '../compute/durations.ts';
import type { OperationFailure } from '../faults.ts';
import type { ErrorBody } from './arm-error.ts';

/** Seconds that Azure asks to wait: in the first answer, then in the first poll. */
interface RetryHints {
  readonly initialS?: number;
  readonly firstPollS?: number;
}

/** What an operation is to do, and to whom. */
export interface OperationPlan {
  readonly kind: DurationKind;
  readonly resourceId: string;
  readonly location: string;
  /** Last but one segment of the polling URL: virtual machines and disks differ. */
  readonly folder: 'operations' | 'DiskOperations';
  readonly retry?: RetryHints;
  /**
   * What becomes true when the operation ends. Its result is the operation's output, if it has one.
   *
   * @throws ArmError to end the operation as failed.
   */
  readonly complete: () => unknown;
  /** What a failed operation leaves behind. */
  readonly fail?: (error: ErrorBody) => void;
  /** Body of the 202. */
  readonly accepted?: unknown;
}

/** A long-running operation, from its acceptance on. */
export interface Operation {
  readonly id: string;
  readonly plan: OperationPlan;
  readonly requestedAt: number;
  readonly endsAt: number;
  readonly forced: OperationFailure | null;
  state: 'InProgress' | 'Succeeded' | 'Failed';
  output: unknown;
  error: ErrorBody | null;
  polls: number;
}
