import type { Answer } from '../azure/azure.ts';
import { OFF_BY_TAG } from '../domain/vm.ts';
import { instanceIdFor } from '../durable/instance-id.ts';
import { type Instance, isAlive, readInstance } from '../durable/read-instance.ts';
import { defineClientActivity } from '../durable/steps.ts';
import { endedBadly } from './ended-badly.ts';
import type { Services } from './services.ts';

interface Input {
  readonly vmIds: readonly string[];
}

/** A VM that nobody is going to start. */
export interface AbandonedVm {
  readonly vmId: string;
  /** Whether its instance ended badly, which its restoration must not hide. */
  readonly afterRefusal: boolean;
}

/**
 * Of VMs that are said to be marked, those whose instance is no longer alive. Only reads.
 *
 * An instance that the host does not know counts as dead: its task hub may be lost. A mark with
 * another VM's instance was copied with its tags, and says nothing about this one.
 */
export const findAbandonedVms = defineClientActivity(
  'findAbandonedVms',
  { attempts: 5, firstDelayMs: 5_000 },
  ({ azure }: Services, client) =>
    async ({ vmIds }: Input): Promise<Answer<{ readonly vms: readonly AbandonedVm[] }>> => {
      const vms: AbandonedVm[] = [];
      for (const vmId of vmIds) {
        const vm = await azure.readVm(vmId);
        if (vm.status === 'throttled') return vm;
        const mark = vm.status === 'ok' ? vm.value?.tags[OFF_BY_TAG] : undefined;
        if (mark !== instanceIdFor('vm', vmId)) continue;
        const abandoned = judgeMark(vmId, await readInstance(client, mark));
        if (abandoned !== null) vms.push(abandoned);
      }
      return { status: 'ok', value: { vms } };
    },
);

function judgeMark(vmId: string, instance: Instance | null): AbandonedVm | null {
  if (instance === null) return { vmId, afterRefusal: false };
  return isAlive(instance) ? null : { vmId, afterRefusal: endedBadly(instance) };
}
