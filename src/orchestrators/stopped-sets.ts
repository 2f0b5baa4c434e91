import type { OrchestrationContext } from 'durable-functions';
import { stopSet } from '../activities/stop-set.ts';
import type { ConvertedDisk } from '../domain/conversion-outcome.ts';
import type { DiskChange } from '../domain/decide-vm-conversion.ts';
import type { Step } from '../durable/steps.ts';
import { warn } from './warn.ts';

/** Sees to it that sets whose key refused a disk are stopped, also when the store was away then. */
export function* stoppedSets(
  context: OrchestrationContext,
  changes: readonly DiskChange[],
  disks: readonly ConvertedDisk[],
): Step<void> {
  const told = new Set<string>();
  for (const disk of disks) {
    if (disk.kind !== 'refused' || disk.stopsSet !== true) continue;
    const setId = changes.find(({ diskId }) => diskId === disk.diskId)?.diskEncryptionSetId ?? '';
    if (told.has(setId)) continue;
    told.add(setId);
    const reason = `${disk.code}: ${disk.message}`;
    try {
      yield* stopSet.call(context, { setId, reason });
    } catch {
      warn(context, 'set.not-stopped', { setId, reason });
    }
  }
}
