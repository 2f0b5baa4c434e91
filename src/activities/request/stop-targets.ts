import { instanceIdFor } from '../../durable/instance-id.ts';
import { defineClientActivity } from '../../durable/steps.ts';
import { stopAll } from '../conversion/stop-instances.ts';
import type { Services } from '../services.ts';

interface Input {
  readonly requestId: string;
  /** Of the page before; null for the first. */
  readonly after: string | null;
}

const PAGE = 500;

/** Asks a page of what a request started to stop, as `stopInstances` does. Safe to repeat. */
export const stopTargets = defineClientActivity(
  'stopTargets',
  { attempts: 5, firstDelayMs: 2_000 },
  (services: Services, client) =>
    async ({ requestId, after }: Input): Promise<{ readonly after: string | null }> => {
      const { targets, next } = await services.store.targets.open(requestId, after, PAGE);
      await stopAll(
        services,
        client,
        targets.map(({ kind, id }) => instanceIdFor(kind, id)),
      );
      return { after: next };
    },
);
