import type { Answer } from '../../azure/azure.ts';
import type { ArmScope } from '../../domain/azure/arm-id.ts';
import { defineActivity } from '../../durable/steps.ts';
import { requestSearch } from '../conversion/request-search.ts';
import { type TargetPage, targetPage } from '../conversion/target-page.ts';
import type { Services } from '../services.ts';
import { unlessAway } from '../unless-away.ts';

interface Input {
  /** By which the store keeps what is found. */
  readonly requestId: string;
  /** Null: all that the policy names. */
  readonly scope: ArmScope | null;
}

interface Found {
  /** How many VMs and loose disks. */
  readonly targets: number;
  /** What was created lately may be missing. */
  readonly mayLack: boolean;
  /** False: the store is away, and nothing of it is noted. */
  readonly isNoted: boolean;
}

/**
 * Finds all that holds disks on a platform-managed key, and notes it in the store.
 *
 * All of it before anything is started: conversions that go on would shift the pages of the search.
 * The sweep asks Resource Graph, which is cheap and lags, and looks again; a person gets the
 * provider's own list. Safe to repeat.
 */
export const findTargets = defineActivity(
  'findTargets',
  { attempts: 5, firstDelayMs: 5_000 },
  ({ azure, policy, store }: Services) =>
    async ({ requestId, scope }: Input): Promise<Answer<Found>> => {
      const isSweep = scope === null;
      const search = isSweep ? azure.findPlatformKeyDisks : requestSearch(azure, 'platform-key');
      const allowed = await policy();
      const ids = new Set<string>();
      let mayLack = false;
      let isNoted = true;
      let skipToken: string | null = null;
      do {
        const page: Answer<TargetPage> = await targetPage(search, allowed, { scope, skipToken });
        if (page.status !== 'ok') return page;
        const { targets } = page.value;
        isNoted &&= await store.targets.add(requestId, targets).then(() => true, unlessAway(false));
        for (const { id } of targets) ids.add(id.toLowerCase());
        mayLack ||= page.value.mayLack === true;
        skipToken = page.value.skipToken;
      } while (skipToken !== null);
      return { status: 'ok', value: { targets: ids.size, mayLack, isNoted } };
    },
);
