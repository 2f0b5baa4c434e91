import type { Answer } from '../../azure/azure.ts';
import type { ArmScope } from '../../domain/azure/arm-id.ts';
import { defineActivity } from '../../durable/steps.ts';
import type { Services } from '../services.ts';
import { requestSearch } from './request-search.ts';
import { type TargetPage, targetPage } from './target-page.ts';

interface Input {
  /** Null: all that the policy names. */
  readonly scope: ArmScope | null;
  readonly skipToken: string | null;
}

/**
 * Finds, a page at a time, what holds disks on a platform-managed key. Only reads.
 *
 * The sweep asks Resource Graph, which is cheap and lags, and looks again; a person gets the
 * provider's own list.
 */
export const findPlatformKeyDisks = defineActivity(
  'findPlatformKeyDisks',
  { attempts: 5, firstDelayMs: 5_000 },
  ({ azure, policy }: Services) =>
    async (input: Input): Promise<Answer<TargetPage>> => {
      const isSweep = input.scope === null;
      const search = isSweep ? azure.findPlatformKeyDisks : requestSearch(azure, 'platform-key');
      return targetPage(search, await policy(), input);
    },
);
