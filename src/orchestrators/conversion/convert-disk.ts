import type { OrchestrationContext } from 'durable-functions';
import { instanceRequest } from '../../activities/conversion/instance-request.ts';
import { planDisk, type ScheduledDiskConversion } from '../../activities/conversion/plan-disk.ts';
import {
  type ConversionOutcome,
  describeInPlace,
  describePlan,
  describeUnreadable,
  describeUnwritable,
} from '../../domain/conversion/conversion-outcome.ts';
import { describeDisks } from '../../domain/conversion/describe-record.ts';
import { describeTurn } from '../../domain/conversion/describe-turn.ts';
import type { Requester } from '../../domain/people/requester.ts';
import { defineOrchestrator, type Step } from '../../durable/steps.ts';
import { tellJournalAway } from '../alert/tell-journal-away.ts';
import { startUnlessCoolingDown } from '../steps/start-unless-cooling-down.ts';
import { untilAnswered } from '../steps/until-answered.ts';
import { beginningOf, Chronicle } from './chronicle.ts';
import { encryptAndWait } from './encrypt-and-wait.ts';
import { recordBeginning } from './record-beginning.ts';
import { recordEnd } from './record-end.ts';
import { show } from './show.ts';
import { stopSets } from './stop-sets.ts';

export interface ConvertDiskInput {
  readonly diskId: string;
  readonly requestedBy: Requester;
}

/** Moves a disk that no VM holds to a customer-managed key, in place. One instance per disk. */
export const convertDisk = defineOrchestrator(
  'convertDisk',
  function* (context, { diskId, requestedBy }: ConvertDiskInput): Step<ConversionOutcome> {
    const about = { target: diskId, deallocate: false };
    show(context, { ...about, step: 'judging', disks: 0 });
    const answer = yield* untilAnswered(context, () => planDisk.call(context, { diskId }));
    if (answer.status !== 'ok') return describeUnreadable(diskId, answer);
    const plan = answer.value;
    if (plan.kind === 'of-vm') {
      // It was attached meanwhile: the VM is the unit.
      const requests = [instanceRequest({ kind: 'vm', id: plan.vmId }, requestedBy)];
      yield* startUnlessCoolingDown(context, requests, 'event');
    }
    if (plan.kind !== 'convert' || plan.mode === 'report') return describePlan(plan);

    return yield* convertLoose(context, plan, { diskId, requestedBy });
  },
);

function* convertLoose(
  context: OrchestrationContext,
  plan: ScheduledDiskConversion,
  { diskId, requestedBy }: ConvertDiskInput,
): Step<ConversionOutcome> {
  const { turn } = plan.schedule;
  const changes = [plan.change];
  const notNow = describeTurn({ target: diskId, turn, changes, approval: null });
  if (turn.kind === 'store-away') tellJournalAway(context, diskId, 'It was not read.');
  if (notNow !== null) return notNow;
  const chronicle = new Chronicle(context, beginningOf(diskId, plan, requestedBy));
  if (!(yield* recordBeginning(context, chronicle))) return describeUnwritable(changes);

  const about = { target: diskId, deallocate: false, disks: 1 };
  show(context, { ...about, step: 'encrypting' });
  const disks = yield* encryptAndWait(context, changes, 'in-place', chronicle);
  yield* stopSets(context, changes, disks);
  show(context, { ...about, step: 'ended' });
  const outcome = describeInPlace({ disks, skipped: [], verdicts: [] });
  const power = { before: null, after: null };
  const ending = { power, downtimeMs: null, outcome: outcome.kind };
  yield* recordEnd(context, chronicle.ended({ ...ending, disks: describeDisks(changes, disks) }));
  return outcome;
}
