import { app, type InvocationContext, type Timer } from '@azure/functions';
import { getClient, input } from 'durable-functions';
import {
  type RestoreLeftVms,
  restorerOfLeftVms,
} from '../../activities/restoration/restore-left-vms.ts';
import type { Services } from '../../activities/services.ts';
import { log } from '../../log.ts';

/** Each half minute: a VM is back within 90 seconds, its start of some 20 seconds included. */
export const RESTORATION_SCHEDULE = '*/30 * * * * *';

/** Registers the timer that starts VMs whose conversion died. */
export function registerOnRestorationDue(services: Services, schedule: string): void {
  const restoreLeftVms = restorerOfLeftVms(services);
  app.timer('onRestorationDue', {
    schedule,
    useMonitor: false,
    extraInputs: [input.durableClient()],
    handler: (_timer: Timer, context: InvocationContext): Promise<void> =>
      restoreLeftVms(getClient(context), tellerTo(context)),
  });
}

function tellerTo(context: InvocationContext): Parameters<RestoreLeftVms>[1] {
  return {
    log: ({ event, vmId, code }) => log(context, event, { vmId, code }),
    alert: (alert) => context.warn(JSON.stringify({ event: 'alert', ...alert })),
  };
}
