import type { OrchestrationContext } from 'durable-functions';
import type { ScheduledVmConversion } from '../../activities/conversion/plan-vm.ts';
import { requestApproval } from '../../activities/turn/request-approval.ts';
import { alertAbout } from '../../domain/alert/alert.ts';
import {
  type ConversionOutcome,
  type DeferredOutcome,
  describeUnwritable,
} from '../../domain/conversion/conversion-outcome.ts';
import { verdict } from '../../domain/gate/verdict.ts';
import type { Requester } from '../../domain/people/requester.ts';
import { instanceIdFor } from '../../durable/instance-id.ts';
import type { Step } from '../../durable/steps.ts';
import { raiseAlert } from '../alert/raise-alert.ts';
import { startAtOnce } from '../steps/start-at-once.ts';
import { awaitTurn } from './await-turn.ts';

type NotNow = Exclude<ScheduledVmConversion['schedule']['turn'], { kind: 'now' }>;

/** Sees to it that a VM whose turn has not come is converted when it comes. */
export function* defer(
  context: OrchestrationContext,
  { vmId, requestedBy }: { readonly vmId: string; readonly requestedBy: Requester },
  { schedule: { digest }, changes }: ScheduledVmConversion,
  turn: NotNow,
): Step<DeferredOutcome | Extract<ConversionOutcome, { kind: 'blocked' }>> {
  const about = { kind: 'deferred', changes, untilMs: null, detail: '' } as const;
  switch (turn.kind) {
    case 'later': {
      const { atMs } = turn;
      const input = { vmId, atMs, requestedBy };
      // By the time as well: a window that was moved must not find the old wait in its way.
      const instanceId = instanceIdFor('turn', vmId, String(atMs));
      const requests = [{ orchestrator: awaitTurn.name, instanceId, input }];
      yield* startAtOnce(context, requests);
      return { ...about, reason: 'outside-window', untilMs: atMs };
    }
    case 'awaits-approval': {
      const request = { vmId, planDigest: digest, requestedBy };
      const { approval } = yield* requestApproval.call(context, request);
      if (approval.decision?.kind === 'rejected') {
        return { ...about, reason: 'rejected', detail: approval.decision.by.name };
      }
      const { id, deadlineMs } = approval;
      const summary = `Its conversion waits for an approval: keyturn approve ${id}`;
      raiseAlert(context, alertAbout('approval-needed', vmId, summary));
      return { ...about, reason: 'awaits-approval', untilMs: deadlineMs, detail: id };
    }
    case 'awaits-deallocation':
      return { ...about, reason: 'awaits-deallocation' };
    case 'store-away':
      return describeUnwritable(changes);
    case 'stopped':
      return { ...about, reason: 'stop-standing', detail: turn.reason };
    default: {
      const { code, message } = turn;
      const verdicts = [verdict('blocked', code, message, vmId)];
      return { kind: 'blocked', verdicts, skipped: [] };
    }
  }
}
