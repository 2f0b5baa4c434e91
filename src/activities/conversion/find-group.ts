import { defineActivity } from '../../durable/steps.ts';
import type { Services } from '../services.ts';

/** Says whether there is such a resource group; one that cannot be read is taken for there. */
export const findGroup = defineActivity(
  'findGroup',
  { attempts: 5, firstDelayMs: 5_000 },
  ({ azure }: Services) =>
    async ({ groupId }: { readonly groupId: string }): Promise<{ readonly isThere: boolean }> => {
      const answer = await azure.hasResourceGroup(groupId);
      return { isThere: answer.status !== 'ok' || answer.value };
    },
);
