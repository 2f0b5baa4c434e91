import type { Answer } from '../azure/azure.ts';
import { OFF_BY_TAG } from '../domain/vm.ts';
import { defineActivity } from '../durable/steps.ts';
import type { Services } from './services.ts';

export interface MarkedPage {
  readonly vmIds: readonly string[];
  readonly skipToken: string | null;
}

/**
 * Finds, a page at a time, VMs that carry the mark. Only reads.
 *
 * Whether the policy's scope still names them does not matter: what was switched off is started.
 */
export const findMarkedVms = defineActivity(
  'findMarkedVms',
  { attempts: 5, firstDelayMs: 5_000 },
  ({ azure, policy }: Services) =>
    async ({ skipToken }: { readonly skipToken: string | null }): Promise<Answer<MarkedPage>> => {
      const subscriptionIds = new Set(policy().scope.map(({ subscriptionId }) => subscriptionId));
      const page = await azure.findTaggedVms(
        { subscriptionIds: [...subscriptionIds], resourceGroup: null },
        OFF_BY_TAG,
        skipToken,
      );
      if (page.status !== 'ok') return page;
      const vmIds = page.value.found.map(({ id }) => id);
      return { status: 'ok', value: { vmIds, skipToken: page.value.skipToken } };
    },
);
