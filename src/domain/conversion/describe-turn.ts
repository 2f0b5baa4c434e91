import { verdict } from '../gate/verdict.ts';
import type { StandingApproval } from '../turn/approval.ts';
import type { ScheduledTurn } from '../turn/decide-turn.ts';
import {
  type ConversionOutcome,
  type DeferredOutcome,
  describeUnwritable,
} from './conversion-outcome.ts';
import type { DiskChange } from './decide-vm-conversion.ts';

type BlockedOutcome = Extract<ConversionOutcome, { kind: 'blocked' }>;

/** A conversion that may be done, with when. */
interface Scheduled {
  /** ARM ID of the VM or disk. */
  readonly target: string;
  readonly turn: ScheduledTurn;
  readonly changes: readonly DiskChange[];
  /** What stands; null: none is asked for, or none yet. */
  readonly approval: StandingApproval | null;
}

/**
 * How a conversion ends at once whose turn is not now; null: it begins.
 *
 * Plans and conversions both ask this, so what is planned is what happens.
 */
export function describeTurn(scheduled: Scheduled): DeferredOutcome | BlockedOutcome | null {
  const { target, turn, changes, approval } = scheduled;
  const about = { kind: 'deferred', changes, untilMs: null, detail: '' } as const;
  switch (turn.kind) {
    case 'now':
      return null;
    case 'later':
      return { ...about, reason: 'outside-window', untilMs: turn.atMs };
    case 'awaits-approval':
      if (approval?.decision?.kind === 'rejected') {
        return { ...about, reason: 'rejected', detail: approval.decision.by.name };
      }
      return {
        ...about,
        reason: 'awaits-approval',
        untilMs: approval?.deadlineMs ?? null,
        detail: approval?.id ?? '',
      };
    case 'awaits-deallocation':
      return { ...about, reason: 'awaits-deallocation' };
    case 'store-away':
      return describeUnwritable(changes);
    case 'stopped':
      return { ...about, reason: 'stop-standing', detail: turn.reason };
    case 'never':
      return describeNever(target, turn);
  }
}

/** What nobody begins as long as its windows are as they are, whatever the policy's mode. */
export function describeNever(
  target: string,
  turn: Extract<ScheduledTurn, { kind: 'never' }>,
): BlockedOutcome {
  const verdicts = [verdict('blocked', turn.code, turn.message, target)];
  return { kind: 'blocked', verdicts, skipped: [] };
}
