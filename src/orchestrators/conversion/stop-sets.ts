import type { OrchestrationContext } from 'durable-functions';
import { stopSet } from '../../activities/turn/stop-set.ts';
import { alertAbout } from '../../domain/alert/alert.ts';
import type { ConvertedDisk } from '../../domain/conversion/conversion-outcome.ts';
import type { DiskChange } from '../../domain/conversion/decide-vm-conversion.ts';
import type { Step } from '../../durable/steps.ts';
import { raiseAlert } from '../alert/raise-alert.ts';
import { tellStopped } from '../alert/tell-stopped.ts';
import { warn } from '../steps/warn.ts';

const SET_STOPPED =
  'Azure may not use the key of this disk encryption set: nothing more goes onto it.';

/**
 * Sees to it that sets whose key refused a disk are stopped, also if the store was away, and says so;
 * says as well what else a refusal has stopped.
 */
export function* stopSets(
  context: OrchestrationContext,
  changes: readonly DiskChange[],
  disks: readonly ConvertedDisk[],
): Step<void> {
  const told = new Set<string>();
  for (const disk of disks) {
    if (disk.kind !== 'refused') continue;
    if (disk.stopped !== undefined && !told.has(disk.stopped)) {
      told.add(disk.stopped);
      tellStopped(context, disk);
    }
    if (disk.stopsSet !== true) continue;
    const setId = changes.find(({ diskId }) => diskId === disk.diskId)?.diskEncryptionSetId ?? '';
    if (told.has(setId)) continue;
    told.add(setId);
    const reason = `${disk.code}: ${disk.message}`;
    try {
      yield* stopSet.call(context, { setId, reason });
      raiseAlert(context, alertAbout('set-stopped', setId, SET_STOPPED, disk.code));
    } catch {
      warn(context, 'set.not-stopped', { setId, reason });
    }
  }
}
