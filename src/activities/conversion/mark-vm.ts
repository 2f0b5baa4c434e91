import type { Answer } from '../../azure/azure.ts';
import { OFF_BY_TAG } from '../../domain/azure/vm.ts';
import { holdsLease } from '../../domain/turn/lease.ts';
import { defineActivity } from '../../durable/steps.ts';
import type { Services } from '../services.ts';
import { NO_MACHINE, type Stopping, stopAtFailure } from '../turn/stop-at-failure.ts';
import { unlessAway } from '../unless-away.ts';

interface Input {
  readonly vmId: string;
  readonly instanceId: string;
  /** The conversion that marks; absent: an earlier release did not say. */
  readonly conversionId?: string | undefined;
}

/**
 * Marks a VM as switched off by this instance, before it is: the sweep starts marked VMs whose
 * instance is no longer alive.
 *
 * Safe to repeat, also minutes after its conversion has ended: only who holds the VM marks it.
 * Needs a right to write tags, not the VM.
 */
export const markVm = defineActivity(
  'markVm',
  { attempts: 5, firstDelayMs: 2_000 },
  ({ azure, store }: Services) =>
    async ({ vmId, instanceId, conversionId }: Input): Promise<Answer<unknown> & Stopping> => {
      const leases = await store.leases.list().catch(unlessAway(null));
      if (leases === null) return STORE_AWAY;
      if (!holdsLease(leases, instanceId, conversionId)) return NOT_HELD;
      return withStopping(store, vmId, await azure.setTag(vmId, OFF_BY_TAG, instanceId));
    },
);

const STORE_AWAY = {
  status: 'throttled',
  code: 'StoreUnavailable',
  retryAfterMs: 10_000,
} as const;

const NOT_HELD = {
  status: 'refused',
  code: 'LeaseLost',
  message: 'Its conversion has no right any more to hold the VM off.',
} as const;

/**
 * Takes the mark away. Safe to repeat, also minutes later: the mark of another conversion stays.
 */
export const unmarkVm = defineActivity(
  'unmarkVm',
  // The VM runs again, so waiting costs nothing; giving up would cost the conversion's outcome.
  { attempts: 35, firstDelayMs: 2_000 },
  ({ azure, store }: Services) =>
    async ({ vmId, instanceId, conversionId }: Input): Promise<Answer<unknown> & Stopping> => {
      // A store that is away does not keep the mark on a VM that runs.
      const leases = await store.leases.list().catch(unlessAway([]));
      const isAnothers =
        holdsLease(leases, instanceId, undefined) && !holdsLease(leases, instanceId, conversionId);
      if (isAnothers) return { status: 'ok', value: null };
      return withStopping(store, vmId, await azure.removeTag(vmId, OFF_BY_TAG, instanceId));
    },
);

/** A refusal may be about the whole subscription. */
async function withStopping(
  store: Services['store'],
  vmId: string,
  answer: Answer<null>,
): Promise<Answer<null> & Stopping> {
  if (answer.status !== 'refused') return answer;
  return { ...answer, ...(await stopAtFailure(store, vmId, answer, NO_MACHINE)) };
}
