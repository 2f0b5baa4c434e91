import type { ArmRequest } from '../arm/arm-request.ts';
import { listAll, mapped, propertiesOf } from '../arm/list-all.ts';
import type { Resource } from '../arm/pages.ts';
import { placeOf } from '../arm/place-of.ts';
import { remember } from '../arm/remember.ts';
import type { Azure } from '../azure.ts';

/** Source: REST reference, DevTest Labs, Global schedules. */
const VERSION = '2018-09-15';

/** Schedules that shut VMs down; the VMs of a subscription share the list. */
export function shutdownScheduleCalls(request: ArmRequest): Pick<Azure, 'listScheduledVms'> {
  const listed = remember(async (subscriptionId) => {
    const path = `/subscriptions/${subscriptionId}/providers/Microsoft.DevTestLab/schedules`;
    const all = await listAll(request, 'list shutdown schedules', path, VERSION);
    return mapped(all, (found) => found.flatMap(toScheduledVm));
  });
  return { listScheduledVms: (vmId) => listed(placeOf(vmId).subscriptionId) };
}

interface ScheduleProperties {
  readonly status: string;
  readonly taskType: string;
  readonly targetResourceId: string;
}

function toScheduledVm(schedule: Resource): readonly string[] {
  const { status, taskType, targetResourceId } = propertiesOf<ScheduleProperties>(schedule);
  const isOn = status === 'Enabled' && taskType === 'ComputeVmShutdownTask';
  return isOn && targetResourceId ? [targetResourceId] : [];
}
