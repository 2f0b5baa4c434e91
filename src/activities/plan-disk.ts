import type { Answer } from '../azure/azure.ts';
import { isInScope } from '../domain/conversion-policy.ts';
import { type DiskPlan, decideDiskConversion, vmOf } from '../domain/decide-disk-conversion.ts';
import { PLATFORM_KEY } from '../domain/disk.ts';
import { judgeDisk } from '../domain/judge-disk.ts';
import { defineActivity } from '../durable/steps.ts';
import { diskFactsReader, unlessThrottled } from './read-disk-facts.ts';
import type { Services } from './services.ts';

/**
 * Reads a disk and all that it depends on, and says what shall happen to it.
 *
 * Changes nothing, so it may be repeated.
 */
export const planDisk = defineActivity(
  'planDisk',
  { attempts: 5, firstDelayMs: 5_000 },
  ({ azure, policy }: Services) =>
    async ({ diskId }: { readonly diskId: string }): Promise<Answer<DiskPlan>> => {
      const allowed = policy();
      if (!isInScope(diskId, allowed)) {
        return { status: 'ok', value: { kind: 'skip', reason: 'out-of-scope' } };
      }
      const answer = await azure.readDisk(diskId);
      if (answer.status !== 'ok') return answer;
      const disk = answer.value;
      if (disk === null) return { status: 'ok', value: { kind: 'gone' } };

      // The VM judges its own disks: here only whose it is matters.
      const vmId = vmOf(disk);
      if (vmId !== null && disk.encryptionType === PLATFORM_KEY) {
        return { status: 'ok', value: { kind: 'of-vm', vmId } };
      }
      return unlessThrottled(async () => {
        const facts = await diskFactsReader(azure, allowed, null)(disk);
        const judgement = judgeDisk(facts, allowed, Date.now());
        return decideDiskConversion(disk, judgement, allowed);
      });
    },
);
