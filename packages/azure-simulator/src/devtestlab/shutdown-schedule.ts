import type { ResourceBody } from '../resources/resource.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';

/** In small letters, as the service writes it. */
export const SCHEDULE_TYPE = 'microsoft.devtestlab/schedules';

interface ScheduleSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly guid: string;
  readonly createdAt: number;
  /** ARM ID of the machine that it shuts down. */
  readonly vmId: string;
  /** `1900`. */
  readonly time: string;
  /** A name of Windows, e.g. `W. Europe Standard Time`. */
  readonly timeZone: string;
  readonly enabled: boolean;
}

/**
 * The daily shutdown of a machine, to read: here it shuts nothing down.
 *
 * Source: REST reference, DevTest Labs, Global Schedules – Get, api-version 2018-09-15; the name
 * `shutdown-computevm-…` is what the portal and templates give it.
 */
export class ShutdownSchedule extends TrackedResource<ScheduleSpec> {
  readonly type = SCHEDULE_TYPE;

  body(): ResourceBody {
    const { guid, createdAt, vmId, time, timeZone, enabled } = this.spec;
    return {
      ...this.head(),
      properties: {
        status: enabled ? 'Enabled' : 'Disabled',
        taskType: 'ComputeVmShutdownTask',
        dailyRecurrence: { time },
        timeZoneId: timeZone,
        notificationSettings: { status: 'Disabled', timeInMinutes: 30 },
        createdDate: new Date(createdAt).toISOString(),
        targetResourceId: vmId,
        provisioningState: 'Succeeded',
        uniqueIdentifier: guid,
      },
    };
  }
}
