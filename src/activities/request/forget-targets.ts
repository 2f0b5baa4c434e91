import { defineActivity } from '../../durable/steps.ts';
import type { Services } from '../services.ts';

/** Forgets what a request, or the sweep before, had found. Safe to repeat. */
export const forgetTargets = defineActivity(
  'forgetTargets',
  { attempts: 5, firstDelayMs: 2_000 },
  ({ store }: Services) =>
    async ({ requestId }: { readonly requestId: string }): Promise<object> => {
      await store.targets.clear(requestId);
      return {};
    },
);
