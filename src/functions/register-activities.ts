import { app as df, input } from 'durable-functions';
import { deallocateVm } from '../activities/conversion/deallocate-vm.ts';
import { encryptDisks } from '../activities/conversion/encrypt-disks.ts';
import { findGroup } from '../activities/conversion/find-group.ts';
import { findPlatformKeyDisks } from '../activities/conversion/find-platform-key-disks.ts';
import { findTarget } from '../activities/conversion/find-target.ts';
import { markVm, unmarkVm } from '../activities/conversion/mark-vm.ts';
import { planDisk } from '../activities/conversion/plan-disk.ts';
import { planVm } from '../activities/conversion/plan-vm.ts';
import { readInstances } from '../activities/conversion/read-instances.ts';
import { startInstances } from '../activities/conversion/start-instances.ts';
import { startVm } from '../activities/conversion/start-vm.ts';
import { stopInstances } from '../activities/conversion/stop-instances.ts';
import { watchVm } from '../activities/conversion/watch-vm.ts';
import { beginRecord, closeRecords, endRecord } from '../activities/conversion/write-record.ts';
import { judgeExtent } from '../activities/gate/judge-extent.ts';
import { countTargets } from '../activities/request/count-targets.ts';
import { findTargets } from '../activities/request/find-targets.ts';
import { forgetTargets } from '../activities/request/forget-targets.ts';
import { lookAtTargets } from '../activities/request/look-at-targets.ts';
import { startTargets } from '../activities/request/start-targets.ts';
import { stopTargets } from '../activities/request/stop-targets.ts';
import type { Services } from '../activities/services.ts';
import { closeAbandonedRecords } from '../activities/sweep/close-abandoned-records.ts';
import { findAbandonedVms } from '../activities/sweep/find-abandoned-vms.ts';
import { findMarkedVms } from '../activities/sweep/find-marked-vms.ts';
import { purgeInstances } from '../activities/sweep/purge-instances.ts';
import { releaseLease } from '../activities/turn/release-lease.ts';
import { requestApproval } from '../activities/turn/request-approval.ts';
import { stopAfterFailures } from '../activities/turn/stop-after-failures.ts';
import { stopSet } from '../activities/turn/stop-set.ts';
import { takeLease } from '../activities/turn/take-lease.ts';
import { tendLeases } from '../activities/turn/tend-leases.ts';
import { tendStops } from '../activities/turn/tend-stops.ts';
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
  register(countTargets);
  register(deallocateVm);
  register(encryptDisks);
  register(endRecord);
  register(findAbandonedVms);
  register(findGroup);
  register(findMarkedVms);
  register(findPlatformKeyDisks);
  register(findTarget);
  register(findTargets);
  register(forgetTargets);
  register(judgeExtent);
  register(lookAtTargets);
  register(markVm);
  register(planDisk);
  register(planVm);
  register(purgeInstances);
  register(readInstances);
  register(releaseLease);
  register(requestApproval);
  register(startInstances);
  register(startTargets);
  register(startVm);
  register(stopAfterFailures);
  register(stopInstances);
  register(stopSet);
  register(stopTargets);
  register(takeLease);
  register(tendLeases);
  register(tendStops);
  register(unmarkVm);
  register(watchVm);
}
