import { defineActivity } from '../../durable/steps.ts';
import type { Services } from '../services.ts';

/** How many of what a request was about ended in which way. Only reads. */
export const countTargets = defineActivity(
  'countTargets',
  { attempts: 5, firstDelayMs: 2_000 },
  ({ store }: Services) =>
    async ({
      requestId,
    }: {
      readonly requestId: string;
    }): Promise<{ readonly counts: Readonly<Record<string, number>> }> => {
      const counts: Record<string, number> = {};
      for (const { outcome } of await store.targets.list(requestId)) {
        const kind = outcome ?? 'unknown';
        counts[kind] = (counts[kind] ?? 0) + 1;
      }
      return { counts };
    },
);
