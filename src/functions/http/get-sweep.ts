import { app, type HttpResponseInit } from '@azure/functions';
import { getClient, input } from 'durable-functions';
import { readInstance } from '../../durable/read-instance.ts';
import { SWEEP_INSTANCE_ID } from '../../orchestrators/sweep/sweep.ts';

/** When the sweep runs, as the HTTP interface shows it. */
export interface SweepView {
  /** NCRONTAB expression, as the host was told it. */
  readonly schedule: string;
  /** ISO 8601 UTC; empty where the host's clocks are not known. */
  readonly next: readonly string[];
  /** When it last did something; null: never, or it is not remembered. */
  readonly last: string | null;
}

/** Registers `GET /api/sweep`: a sweep that never runs is the loss of what finds VMs that are off. */
export function registerGetSweep(
  schedule: string,
  times: (afterMs: number, count: number) => readonly number[] = () => [],
): void {
  app.http('getSweep', {
    route: 'sweep',
    methods: ['GET'],
    authLevel: 'function',
    extraInputs: [input.durableClient()],
    handler: async (_, context): Promise<HttpResponseInit> => {
      const instance = await readInstance(getClient(context), SWEEP_INSTANCE_ID);
      const view: SweepView = {
        schedule,
        next: times(Date.now(), 3).map(isoTime),
        last: instance === null ? null : isoTime(instance.updatedAtMs),
      };
      return { jsonBody: view };
    },
  });
}

function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
