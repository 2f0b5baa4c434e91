import { parseOutcome } from '../../domain/conversion/instance-outcome.ts';
import { parseProgress } from '../../domain/conversion/progress.ts';
import { type Instance, isAlive } from '../../durable/read-instance.ts';

/**
 * Whether an instance met Azure's "no", or broke down, after its work had begun: to start it again
 * at once would only switch the VM off in vain.
 *
 * An outage before anything was touched does not count: the next look may find Azure well. Nor does
 * an instance that somebody terminated.
 */
export function endedBadly(instance: Instance): boolean {
  if (isAlive(instance)) return false;
  const outcome = parseOutcome(instance.output);
  if (outcome?.kind === 'failed') return true;
  // A VM's restoration takes the place of its conversion, and keeps this of it.
  if (outcome !== null && 'afterRefusal' in outcome && outcome.afterRefusal) return true;
  return instance.runtimeStatus === 'Failed' && hadBegun(instance);
}

/** A step `ended` without an outcome is one that broke down, after the VM was started again. */
function hadBegun({ customStatus }: Instance): boolean {
  const step = parseProgress(customStatus)?.step;
  return step !== undefined && step !== 'judging' && step !== 'waiting';
}
