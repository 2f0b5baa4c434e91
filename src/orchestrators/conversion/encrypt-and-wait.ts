import type { OrchestrationContext } from 'durable-functions';
import { type DiskOutcome, encryptDisks } from '../../activities/conversion/encrypt-disks.ts';
import type { ConvertedDisk } from '../../domain/conversion/conversion-outcome.ts';
import type { DiskChange } from '../../domain/conversion/decide-vm-conversion.ts';
import { type Step, sleep } from '../../durable/steps.ts';
import type { Chronicle } from './chronicle.ts';

/** An update of a disk took 31 s at most in the recordings, confidential ones apart. */
const WHILE_OFF_MS = 15 * 60_000;
/** Nobody waits for a VM: a throttled disk may take its time. */
const IN_PLACE_MS = 3 * 3_600_000;
const PAUSE_MS = 5_000;
/** How often a disk is tried that Azure still holds for attached to a running VM. */
const MOST_WAITS = 3;

/**
 * Puts all disks onto their disk encryption sets and waits until each shows it, or cannot.
 *
 * Never throws for a single disk: each has an outcome of its own, and the VM is started only after
 * the last of them. A disk that Azure would have wait beyond the deadline is given up at once: it is
 * found again later, and until then the VM runs.
 */
export function* encryptAndWait(
  context: OrchestrationContext,
  changes: readonly DiskChange[],
  vm: 'in-place' | 'switched-off',
  chronicle: Chronicle,
): Step<readonly ConvertedDisk[]> {
  const patienceMs = vm === 'in-place' ? IN_PLACE_MS : WHILE_OFF_MS;
  const deadlineMs = context.df.currentUtcDateTime.getTime() + patienceMs;
  const ended: ConvertedDisk[] = [];
  const conversion = chronicle.key;
  let open = changes;
  for (let round = 1; open.length > 0; round++) {
    const { outcomes, calls } = yield* encryptDisks.call(context, { changes: open, conversion });
    for (const { diskId, ...call } of calls) chronicle.note('encrypt', diskId, call);
    const leftMs = deadlineMs - context.df.currentUtcDateTime.getTime();
    ended.push(...outcomes.flatMap((outcome) => endOf(outcome, round, leftMs) ?? []));
    open = open.filter(({ diskId }) => !ended.some((each) => each.diskId === diskId));

    const waitMs = waitAfter(
      outcomes.filter((outcome) => !comesTooLate(outcome, leftMs)),
      round,
    );
    if (open.length > 0 && waitMs > 0) yield* sleep(context, waitMs);
  }
  return ended;
}

/** How a disk ended, or null while it has not. */
function endOf(outcome: DiskOutcome, round: number, leftMs: number): ConvertedDisk | null {
  switch (outcome.kind) {
    case 'encrypted':
    case 'gone':
      return { diskId: outcome.diskId, kind: outcome.kind };
    case 'refused':
      return outcome;
    case 'waiting':
      if (round >= MOST_WAITS) return { ...outcome, kind: 'refused' };
  }
  const isOver = leftMs < 0 || comesTooLate(outcome, leftMs);
  return isOver ? { diskId: outcome.diskId, kind: 'timed-out' } : null;
}

function comesTooLate(outcome: DiskOutcome, leftMs: number): boolean {
  return outcome.kind === 'throttled' && outcome.retryAfterMs > leftMs;
}

/** The activity has looked for a while itself, so what is only pending is asked again at once. */
function waitAfter(outcomes: readonly DiskOutcome[], round: number): number {
  const waits = outcomes.map((outcome) => {
    if (outcome.kind === 'throttled') return outcome.retryAfterMs;
    return outcome.kind === 'unavailable' || outcome.kind === 'waiting' ? PAUSE_MS : 0;
  });
  return waits.reduce(
    (longest, wait) => (wait > longest ? wait : longest),
    round > 2 ? PAUSE_MS : 0,
  );
}
