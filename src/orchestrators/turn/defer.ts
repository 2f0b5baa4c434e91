import type { OrchestrationContext } from 'durable-functions';
import type { ScheduledVmConversion } from '../../activities/conversion/plan-vm.ts';
import { requestApproval } from '../../activities/turn/request-approval.ts';
import { alertAbout } from '../../domain/alert/alert.ts';
import type {
  ConversionOutcome,
  DeferredOutcome,
} from '../../domain/conversion/conversion-outcome.ts';
import { describeTurn } from '../../domain/conversion/describe-turn.ts';
import type { Requester } from '../../domain/people/requester.ts';
import type { Approval } from '../../domain/turn/approval.ts';
import { instanceIdFor } from '../../durable/instance-id.ts';
import type { Step } from '../../durable/steps.ts';
import { raiseAlert } from '../alert/raise-alert.ts';
import { tellJournalAway } from '../alert/tell-journal-away.ts';
import { startAtOnce } from '../steps/start-at-once.ts';
import { awaitTurn } from './await-turn.ts';

type BlockedOutcome = Extract<ConversionOutcome, { kind: 'blocked' }>;

/** Sees to it that a VM whose turn has not come is converted when it comes; null: it has come. */
export function* defer(
  context: OrchestrationContext,
  { vmId, requestedBy }: { readonly vmId: string; readonly requestedBy: Requester },
  { schedule: { digest, turn }, changes }: ScheduledVmConversion,
): Step<DeferredOutcome | BlockedOutcome | null> {
  let approval: Approval | null = null;
  if (turn.kind === 'later') {
    const { atMs } = turn;
    const input = { vmId, atMs, requestedBy };
    // By the time as well: a window that was moved must not find the old wait in its way.
    const instanceId = instanceIdFor('turn', vmId, String(atMs));
    yield* startAtOnce(context, [{ orchestrator: awaitTurn.name, instanceId, input }]);
  }
  if (turn.kind === 'awaits-approval') {
    const request = { vmId, planDigest: digest, requestedBy };
    ({ approval } = yield* requestApproval.call(context, request));
    if (approval.decision?.kind !== 'rejected') tellApprovalNeeded(context, vmId, approval);
  }
  if (turn.kind === 'store-away') tellJournalAway(context, vmId, 'It was not read.');
  return describeTurn({ target: vmId, turn, changes, approval });
}

function tellApprovalNeeded(context: OrchestrationContext, vmId: string, { id }: Approval): void {
  const summary = `Its conversion waits for an approval: keyturn approve ${id}`;
  raiseAlert(context, alertAbout('approval-needed', vmId, summary));
}
