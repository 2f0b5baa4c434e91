import { app as df, input } from 'durable-functions';
import { closeAbandonedRecords } from '../activities/close-abandoned-records.ts';
import { encryptDisks } from '../activities/encrypt-disks.ts';
import { findAbandonedVms } from '../activities/find-abandoned-vms.ts';
import { findGroup } from '../activities/find-group.ts';
import { findMarkedVms } from '../activities/find-marked-vms.ts';
import { findPlatformKeyDisks } from '../activities/find-platform-key-disks.ts';
import { findTarget } from '../activities/find-target.ts';
import { judgeExtent } from '../activities/judge-extent.ts';
import { markVm, unmarkVm } from '../activities/mark-vm.ts';
import { planDisk } from '../activities/plan-disk.ts';
import { planVm } from '../activities/plan-vm.ts';
import { purgeInstances } from '../activities/purge-instances.ts';
import { readInstances } from '../activities/read-instances.ts';
import { releaseLease } from '../activities/release-lease.ts';
import { requestApproval } from '../activities/request-approval.ts';
import type { Services } from '../activities/services.ts';
import { startInstances } from '../activities/start-instances.ts';
import { stopAfterFailures } from '../activities/stop-after-failures.ts';
import { stopInstances } from '../activities/stop-instances.ts';
import { stopSet } from '../activities/stop-set.ts';
import { deallocateVm, startVm } from '../activities/switch-vm.ts';
import { takeLease } from '../activities/take-lease.ts';
import { tendLeases } from '../activities/tend-leases.ts';
import { watchVm } from '../activities/watch-vm.ts';
import { beginRecord, closeRecords, endRecord } from '../activities/write-record.ts';
import type { Activity } from '../durable/steps.ts';

/** Registers every activity, with what it works with. */
export function registerActivities(services: Services): void {
  const register = <Input, Output>(activity: Activity<Services, Input, Output>): void => {
    df.activity(activity.name, {
      handler: activity.handler(services),
      ...(activity.needsClient ? { extraInputs: [input.durableClient()] } : {}),
    });
  };
  register(beginRecord);
  register(closeAbandonedRecords);
  register(closeRecords);
  register(deallocateVm);
  register(encryptDisks);
  register(endRecord);
  register(findAbandonedVms);
  register(findGroup);
  register(findMarkedVms);
  register(findPlatformKeyDisks);
  register(findTarget);
  register(judgeExtent);
  register(markVm);
  register(planDisk);
  register(planVm);
  register(purgeInstances);
  register(readInstances);
  register(releaseLease);
  register(requestApproval);
  register(startInstances);
  register(startVm);
  register(stopAfterFailures);
  register(stopInstances);
  register(stopSet);
  register(takeLease);
  register(tendLeases);
  register(unmarkVm);
  register(watchVm);
}
