import { app, type InvocationContext, type Timer } from '@azure/functions';
import { getClient, input } from 'durable-functions';
import { startOnce } from '../../durable/start-once.ts';
import { log } from '../../log.ts';
import { SWEEP_INSTANCE_ID, sweep } from '../../orchestrators/sweep/sweep.ts';

/** Registers the timer that finds what events missed, and VMs that were left off. */
export function registerOnSweepDue(schedule: string): void {
  app.timer('onSweepDue', {
    schedule,
    extraInputs: [input.durableClient()],
    handler: async (_timer: Timer, context: InvocationContext): Promise<void> => {
      const start = await startOnce(getClient(context), sweep, {
        instanceId: SWEEP_INSTANCE_ID,
        input: {},
      });
      log(context, 'sweep.due', { start });
    },
  });
}
