import type { Answer } from '../azure/azure.ts';
import { OFF_BY_TAG } from '../domain/vm.ts';
import { isAlive, readInstance } from '../durable/read-instance.ts';
import { defineClientActivity } from '../durable/steps.ts';
import type { Services } from './services.ts';

interface Input {
  readonly vmIds: readonly string[];
}

/**
 * Of VMs that are said to be marked, those whose instance is no longer alive. Only reads.
 *
 * An instance that the host does not know counts as dead: its task hub may be lost.
 */
export const findAbandonedVms = defineClientActivity(
  'findAbandonedVms',
  { attempts: 5, firstDelayMs: 5_000 },
  ({ azure }: Services, client) =>
    async ({ vmIds }: Input): Promise<Answer<{ readonly vmIds: readonly string[] }>> => {
      const abandoned: string[] = [];
      for (const vmId of vmIds) {
        const vm = await azure.readVm(vmId);
        if (vm.status === 'throttled') return vm;
        const mark = vm.status === 'ok' ? vm.value?.tags[OFF_BY_TAG] : undefined;
        if (mark === undefined) continue;
        const instance = await readInstance(client, mark);
        if (instance === null || !isAlive(instance)) abandoned.push(vmId);
      }
      return { status: 'ok', value: { vmIds: abandoned } };
    },
);
