import { planDisk } from '../activities/plan-disk.ts';
import { startInstances } from '../activities/start-instances.ts';
import {
  type ConversionOutcome,
  describeInPlace,
  describePlan,
  describeUnreadable,
} from '../domain/conversion-outcome.ts';
import { defineOrchestrator, type Step } from '../durable/steps.ts';
import { encrypted } from './encrypted.ts';
import { instanceRequest } from './instance-request.ts';
import { show } from './show.ts';
import { untilAnswered } from './until-answered.ts';

export interface ConvertDiskInput {
  readonly diskId: string;
}

/** Moves a disk that no VM holds to a customer-managed key, in place. One instance per disk. */
export const convertDisk = defineOrchestrator(
  'convertDisk',
  function* (context, { diskId }: ConvertDiskInput): Step<ConversionOutcome> {
    const about = { target: diskId, deallocate: false };
    show(context, { ...about, step: 'judging', disks: 0 });
    const answer = yield* untilAnswered(context, () => planDisk.call(context, { diskId }));
    if (answer.status !== 'ok') return describeUnreadable(diskId, answer);
    const plan = answer.value;
    if (plan.kind === 'of-vm') {
      // It was attached meanwhile: the VM is the unit.
      const requests = [instanceRequest({ kind: 'vm', id: plan.vmId })];
      yield* startInstances.call(context, { requests, askedBy: 'event' });
    }
    if (plan.kind !== 'convert' || plan.mode === 'report') return describePlan(plan);

    show(context, { ...about, step: 'encrypting', disks: 1 });
    const disks = yield* encrypted(context, [plan.change], 'in-place');
    show(context, { ...about, step: 'ended', disks: 1 });
    return describeInPlace({ disks, skipped: [], verdicts: [] });
  },
);
