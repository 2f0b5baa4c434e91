import { app as df, input } from 'durable-functions';
import { encryptDisks } from '../activities/encrypt-disks.ts';
import { findAbandonedVms } from '../activities/find-abandoned-vms.ts';
import { findMarkedVms } from '../activities/find-marked-vms.ts';
import { findPlatformKeyDisks } from '../activities/find-platform-key-disks.ts';
import { findTarget } from '../activities/find-target.ts';
import { markVm, unmarkVm } from '../activities/mark-vm.ts';
import { planDisk } from '../activities/plan-disk.ts';
import { planVm } from '../activities/plan-vm.ts';
import { purgeInstances } from '../activities/purge-instances.ts';
import { readInstances } from '../activities/read-instances.ts';
import type { Services } from '../activities/services.ts';
import { startInstances } from '../activities/start-instances.ts';
import { stopInstances } from '../activities/stop-instances.ts';
import { deallocateVm, startVm } from '../activities/switch-vm.ts';
import { watchVm } from '../activities/watch-vm.ts';
import type { Activity } from '../durable/steps.ts';

/** Registers every activity, with what it works with. */
export function registerActivities(services: Services): void {
  const register = <Input, Output>(activity: Activity<Services, Input, Output>): void => {
    df.activity(activity.name, {
      handler: activity.handler(services),
      ...(activity.needsClient ? { extraInputs: [input.durableClient()] } : {}),
    });
  };
  register(deallocateVm);
  register(encryptDisks);
  register(findAbandonedVms);
  register(findMarkedVms);
  register(findPlatformKeyDisks);
  register(findTarget);
  register(markVm);
  register(planDisk);
  register(planVm);
  register(purgeInstances);
  register(readInstances);
  register(startInstances);
  register(startVm);
  register(stopInstances);
  register(unmarkVm);
  register(watchVm);
}
