import type { OrchestrationContext } from 'durable-functions';
import { type DiskOutcome, encryptDisks } from '../activities/encrypt-disks.ts';
import type { ConvertedDisk } from '../domain/conversion-outcome.ts';
import type { DiskChange } from '../domain/decide-vm-conversion.ts';
import { type Step, sleep } from '../durable/steps.ts';

/** An update of a disk took 31 s at most in the recordings, confidential ones apart. */
const DEADLINE_MS = 15 * 60_000;
const PAUSE_MS = 5_000;

/**
 * Puts all disks onto their disk encryption sets and waits until each shows it, or cannot.
 *
 * Never throws for a single disk: each has an outcome of its own, and the VM is started only after
 * the last of them.
 */
export function* encrypted(
  context: OrchestrationContext,
  changes: readonly DiskChange[],
): Step<readonly ConvertedDisk[]> {
  const deadlineMs = context.df.currentUtcDateTime.getTime() + DEADLINE_MS;
  const ended: ConvertedDisk[] = [];
  let open = changes;
  for (let round = 1; open.length > 0; round++) {
    const { outcomes } = yield* encryptDisks.call(context, { changes: open });
    for (const outcome of outcomes) if (hasEnded(outcome)) ended.push(outcome);
    open = open.filter(({ diskId }) => !ended.some((each) => each.diskId === diskId));

    if (context.df.currentUtcDateTime.getTime() > deadlineMs) {
      return [...ended, ...open.map(({ diskId }) => ({ diskId, kind: 'timed-out' as const }))];
    }
    const waitMs = waitAfter(outcomes, round);
    if (open.length > 0 && waitMs > 0) yield* sleep(context, waitMs);
  }
  return ended;
}

function hasEnded(outcome: DiskOutcome): outcome is DiskOutcome & ConvertedDisk {
  return outcome.kind === 'encrypted' || outcome.kind === 'gone' || outcome.kind === 'refused';
}

/** The activity has looked for a while itself, so what is only pending is asked again at once. */
function waitAfter(outcomes: readonly DiskOutcome[], round: number): number {
  const waits = outcomes.map((outcome) => {
    if (outcome.kind === 'throttled') return outcome.retryAfterMs;
    return outcome.kind === 'unavailable' ? PAUSE_MS : 0;
  });
  return waits.reduce(
    (longest, wait) => (wait > longest ? wait : longest),
    round > 2 ? PAUSE_MS : 0,
  );
}
