import type { OrchestrationContext } from 'durable-functions';
import {
  type InstanceRequest,
  type InstanceStart,
  startInstances,
} from '../../activities/conversion/start-instances.ts';
import type { Step } from '../../durable/steps.ts';

/** Starts instances, but for what Azure refused lately or a conversion has just left alone. */
export function* startUnlessCoolingDown(
  context: OrchestrationContext,
  requests: readonly InstanceRequest[],
  askedBy: 'event' | 'sweep',
): Step<readonly InstanceStart[]> {
  const { starts } = yield* startInstances.call(context, { requests, askedBy });
  return starts;
}
