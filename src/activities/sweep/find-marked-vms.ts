import type { Answer } from '../../azure/azure.ts';
import { OFF_BY_TAG } from '../../domain/azure/vm.ts';
import { defineActivity } from '../../durable/steps.ts';
import type { Services } from '../services.ts';

export interface MarkedPage {
  readonly vmIds: readonly string[];
  readonly skipToken: string | null;
}

/**
 * Finds, a page at a time, VMs that carry the mark. Only reads.
 *
 * Wherever keyturn may look, and without the policy: what was switched off is started, also when
 * the scope has been narrowed since, or the policy file is broken.
 */
export const findMarkedVms = defineActivity(
  'findMarkedVms',
  { attempts: 5, firstDelayMs: 5_000 },
  ({ azure }: Services) =>
    async ({ skipToken }: { readonly skipToken: string | null }): Promise<Answer<MarkedPage>> => {
      const page = await azure.findTaggedVms(OFF_BY_TAG, skipToken);
      if (page.status !== 'ok') return page;
      const vmIds = page.value.found.map(({ id }) => id);
      return { status: 'ok', value: { vmIds, skipToken: page.value.skipToken } };
    },
);
