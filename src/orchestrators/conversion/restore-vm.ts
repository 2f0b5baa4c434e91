import type { RestorationOutcome } from '../../domain/conversion/instance-outcome.ts';
import { defineOrchestrator, type Step } from '../../durable/steps.ts';
import { returnLease } from '../turn/obtain-lease.ts';
import { conversionId } from './chronicle.ts';
import { closeRecordsOf } from './close-records-of.ts';
import { giveVmBack } from './give-vm-back.ts';
import { show } from './show.ts';

export interface RestoreVmInput {
  readonly vmId: string;
  /** Whether the instance before ended badly; kept, for this one takes its place. */
  readonly afterRefusal: boolean;
  /** `no`: the instance before saw it run again, so only the mark is taken away. */
  readonly switchedOff: 'maybe' | 'no';
  /** The conversion that holds it off; null or absent: it is not known which. */
  readonly heldBy?: string | null;
}

/**
 * Starts a VM that an instance switched off and did not live to start.
 *
 * Takes the VM's own instance ID, so that no conversion can run beside it.
 */
export const restoreVm = defineOrchestrator(
  'restoreVm',
  function* (
    context,
    { vmId, afterRefusal, switchedOff, heldBy }: RestoreVmInput,
  ): Step<RestorationOutcome> {
    const own = conversionId(context);
    show(context, { target: vmId, step: 'starting', disks: 0, deallocate: false });
    const { vm, markProblem } = yield* giveVmBack(
      context,
      vmId,
      switchedOff === 'no' ? 'no' : 'yes',
      null,
    );
    if (vm.kind !== 'left-off') {
      yield* returnLease(context, heldBy ?? own);
      yield* closeRecordsOf(context, vmId);
    }
    show(context, { target: vmId, step: 'ended', disks: 0, deallocate: false });
    return vm.kind === 'left-off'
      ? { kind: 'left-off', code: vm.code, afterRefusal }
      : { kind: 'restored', markProblem, afterRefusal };
  },
);
