import type { OrchestrationContext } from 'durable-functions';
import { unmarkVm } from '../../activities/conversion/mark-vm.ts';
import { watchVm } from '../../activities/conversion/watch-vm.ts';
import { alertAbout } from '../../domain/alert/alert.ts';
import { type Step, sleep } from '../../durable/steps.ts';
import { raiseAlert } from '../alert/raise-alert.ts';
import { tellStopped } from '../alert/tell-stopped.ts';
import { untilAnswered } from '../steps/until-answered.ts';
import type { Chronicle } from './chronicle.ts';
import { type StartEnd, startAndWait } from './start-and-wait.ts';

const SECOND_LOOK_MS = 60_000;

/** What became of a marked VM. */
export interface VmGivenBack {
  readonly vm: StartEnd;
  /** ARM's code of why the mark could not be taken away, or null. */
  readonly markProblem: string | null;
}

export type SwitchedOff = 'yes' | 'maybe' | 'runs' | 'no';

/**
 * Starts a VM that was switched off, and takes the mark away once it runs.
 *
 * @param switchedOff `no`: the VM was never touched, so only the mark goes. `maybe`: Azure may
 * still switch it off, so it must be seen to run twice, a minute apart. `runs`: somebody else started
 * it, and it was seen to run once; nothing is asked of Azure if it still does after that minute.
 * @param chronicle null: there is no record to note it in.
 */
export function* giveVmBack(
  context: OrchestrationContext,
  vmId: string,
  switchedOff: SwitchedOff,
  chronicle: Chronicle | null,
): Step<VmGivenBack> {
  const { instanceId } = context.df;
  const vm = yield* startUntilSure(context, vmId, switchedOff, chronicle);
  if (vm.kind === 'left-off') {
    const summary =
      'The VM ran before and does not start; keyturn goes on trying. Start it yourself.';
    raiseAlert(context, alertAbout('vm-left-off', vmId, summary, vm.code));
    return { vm, markProblem: null };
  }
  if (vm.kind === 'gone') return { vm, markProblem: null };
  const unmarked = yield* untilAnswered(context, () =>
    unmarkVm.call(context, { vmId, instanceId, conversionId: chronicle?.key.id }),
  );
  if (unmarked.status === 'ok') return { vm, markProblem: null };
  tellStopped(context, unmarked);
  const summary = 'The VM runs, but its tag keyturn:off-by could not be taken away; delete it.';
  raiseAlert(context, alertAbout('vm-still-marked', vmId, summary, unmarked.code));
  return { vm, markProblem: unmarked.code };
}

function* startUntilSure(
  context: OrchestrationContext,
  vmId: string,
  switchedOff: SwitchedOff,
  chronicle: Chronicle | null,
): Step<VmGivenBack['vm']> {
  if (switchedOff === 'no') return { kind: 'untouched' };
  if (switchedOff === 'runs') {
    yield* sleep(context, SECOND_LOOK_MS);
    if (yield* isSeenToRun(context, vmId)) return { kind: 'running' };
  }
  const vm = yield* startAndWait(context, vmId, chronicle, switchedOff === 'yes');
  if (switchedOff === 'yes' || vm.kind !== 'running') return vm;
  yield* sleep(context, SECOND_LOOK_MS);
  return yield* startAndWait(context, vmId, chronicle, false);
}

/** One look may have been an old one; what cannot be seen is started, which does no harm. */
function* isSeenToRun(context: OrchestrationContext, vmId: string): Step<boolean> {
  const look = { vmId, until: 'running' as const, forMs: 0, everyMs: SECOND_LOOK_MS };
  try {
    const seen = yield* watchVm.call(context, look);
    return seen.status === 'ok' && seen.value?.powerState === 'running';
  } catch {
    return false;
  }
}
