import type { OrchestrationContext } from 'durable-functions';
import { alertAbout } from '../../domain/alert/alert.ts';
import type { HeldVm } from '../../domain/conversion/held-vm.ts';
import type { Step } from '../../durable/steps.ts';
import { raiseAlert } from '../alert/raise-alert.ts';
import { returnLease } from '../turn/obtain-lease.ts';
import { conversionId } from './chronicle.ts';
import { closeRecordsOf } from './close-records-of.ts';
import { giveVmBack } from './give-vm-back.ts';
import { show } from './show.ts';
import type { StartEnd } from './start-and-wait.ts';

/**
 * Gives a VM back that a conversion before this one switched off and did not live to start; no
 * conversion takes it for one that its owner switched off.
 *
 * @returns null when it runs, or is gone: it is then judged anew.
 */
export function* giveBackHeld(
  context: OrchestrationContext,
  vmId: string,
  held: HeldVm,
): Step<Extract<StartEnd, { kind: 'left-off' }> | null> {
  const summary = 'Its conversion died while the VM was off; keyturn starts the VM.';
  raiseAlert(context, alertAbout('conversion-died', vmId, summary));
  show(context, { target: vmId, step: 'starting', disks: 0, deallocate: false });
  const { vm } = yield* giveVmBack(context, vmId, 'yes', null);
  if (vm.kind === 'left-off') return vm;
  yield* returnLease(context, held.conversionId ?? conversionId(context));
  yield* closeRecordsOf(context, vmId);
  show(context, { target: vmId, step: 'judging', disks: 0, deallocate: false });
  return null;
}
