import type { Answer } from '../../azure/azure.ts';
import { PLATFORM_KEY } from '../../domain/azure/disk.ts';
import { vmOf } from '../../domain/azure/vm-of.ts';
import {
  type DiskPlan,
  decideDiskConversion,
} from '../../domain/conversion/decide-disk-conversion.ts';
import { mayBeInScope } from '../../domain/policy/is-in-scope.ts';
import { defineActivity } from '../../durable/steps.ts';
import { judgeReadDisk } from '../gate/judge-read-disk.ts';
import { diskFactsReader } from '../gate/read-disk-facts.ts';
import { unlessThrottled } from '../gate/reading.ts';
import type { Services } from '../services.ts';
import { type Schedule, scheduleOf } from '../turn/schedule-of.ts';

/** The plan for a disk that is carried out, and when. */
export type ScheduledDiskConversion = Extract<DiskPlan, { kind: 'convert' }> & {
  readonly schedule: Schedule;
};

/** What shall happen to one disk, and when. */
type PlannedDisk = Exclude<DiskPlan, { kind: 'convert' }> | ScheduledDiskConversion;

/**
 * Reads a disk and all that it depends on, and says what shall happen to it.
 *
 * Changes nothing, so it may be repeated.
 */
export const planDisk = defineActivity(
  'planDisk',
  { attempts: 5, firstDelayMs: 5_000 },
  (services: Services) =>
    async ({ diskId }: { readonly diskId: string }): Promise<Answer<PlannedDisk>> => {
      const { azure, policy } = services;
      const allowed = await policy();
      if (!mayBeInScope(diskId, allowed)) {
        return { status: 'ok', value: { kind: 'skip', reason: 'out-of-scope' } };
      }
      const answer = await azure.readDisk(diskId);
      if (answer.status !== 'ok') return answer;
      const disk = answer.value;
      if (disk === null) return { status: 'ok', value: { kind: 'gone' } };

      // The VM judges its own disks: here only whose it is matters.
      const vmId = vmOf(disk);
      if (vmId !== null && disk.encryptionType === PLATFORM_KEY) {
        return { status: 'ok', value: { kind: 'of-vm', vmId } };
      }
      return unlessThrottled(async () => {
        const readFacts = diskFactsReader(azure, allowed, null);
        const nowMs = Date.now();
        const judgement = await judgeReadDisk(disk, null, readFacts, allowed, nowMs);
        const plan = decideDiskConversion(disk, judgement, allowed);
        if (plan.kind !== 'convert') return plan;
        const changes = [plan.change];
        const asking = { usedBy: null, nowMs, policy: allowed };
        return { ...plan, schedule: await scheduleOf(services, null, { changes }, asking) };
      });
    },
);
