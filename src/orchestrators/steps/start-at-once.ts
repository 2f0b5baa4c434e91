import type { OrchestrationContext } from 'durable-functions';
import {
  type InstanceRequest,
  type InstanceStart,
  startInstances,
} from '../../activities/conversion/start-instances.ts';
import type { Step } from '../../durable/steps.ts';

/**
 * Starts instances whatever became of those before them: a person asked for it, or keyturn goes on
 * with what it has begun.
 */
export function* startAtOnce(
  context: OrchestrationContext,
  requests: readonly InstanceRequest[],
): Step<readonly InstanceStart[]> {
  // The word of 0.1.0 for it, whoever it is.
  const { starts } = yield* startInstances.call(context, { requests, askedBy: 'person' });
  return starts;
}
