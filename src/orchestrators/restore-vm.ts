import { unmarkVm } from '../activities/mark-vm.ts';
import { defineOrchestrator, type Step } from '../durable/steps.ts';
import { show } from './show.ts';
import { startedAgain } from './started-again.ts';
import { untilAnswered } from './until-answered.ts';

export interface RestoreVmInput {
  readonly vmId: string;
  /** Whether the instance before ended badly; kept, for this one takes its place. */
  readonly afterRefusal: boolean;
}

/**
 * Starts a VM that an instance switched off and did not live to start.
 *
 * Takes the VM's own instance ID, so that no conversion can run beside it.
 */
export const restoreVm = defineOrchestrator(
  'restoreVm',
  function* (context, { vmId, afterRefusal }: RestoreVmInput): Step<object> {
    show(context, { target: vmId, step: 'starting', disks: 0, deallocate: false });
    const started = yield* startedAgain(context, vmId);
    if (started.kind === 'running') {
      const mark = { vmId, instanceId: context.df.instanceId };
      yield* untilAnswered(context, () => unmarkVm.call(context, mark));
    }
    show(context, { target: vmId, step: 'ended', disks: 0, deallocate: false });
    return started.kind === 'left-off'
      ? { kind: 'left-off', code: started.code, afterRefusal }
      : { kind: 'restored', afterRefusal };
  },
);
