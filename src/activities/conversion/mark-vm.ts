import { OFF_BY_TAG } from '../../domain/azure/vm.ts';
import { defineActivity } from '../../durable/steps.ts';
import type { Services } from '../services.ts';

interface Input {
  readonly vmId: string;
  readonly instanceId: string;
}

/**
 * Marks a VM as switched off by this instance, before it is: the sweep starts marked VMs whose
 * instance is no longer alive.
 *
 * Safe to repeat. Needs a right to write tags, not the VM.
 */
export const markVm = defineActivity(
  'markVm',
  { attempts: 5, firstDelayMs: 2_000 },
  ({ azure }: Services) =>
    ({ vmId, instanceId }: Input) =>
      azure.setTag(vmId, OFF_BY_TAG, instanceId),
);

/** Takes the mark away. Safe to repeat. */
export const unmarkVm = defineActivity(
  'unmarkVm',
  // The VM runs again, so waiting costs nothing; giving up would cost the conversion's outcome.
  { attempts: 35, firstDelayMs: 2_000 },
  ({ azure }: Services) =>
    ({ vmId, instanceId }: Input) =>
      azure.removeTag(vmId, OFF_BY_TAG, instanceId),
);
