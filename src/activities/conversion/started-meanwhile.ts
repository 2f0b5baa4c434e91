import type { Azure } from '../../azure/azure.ts';
import {
  type RefusedDisk,
  STARTED_BY_ANOTHER,
} from '../../domain/conversion/conversion-outcome.ts';
import type { Holder } from '../../domain/gate/disk-facts.ts';

/** A disk that has to wait, for somebody has started its VM meanwhile: to wait on is in vain. */
export async function startedMeanwhile(
  azure: Azure,
  holder: Holder,
  { diskId, kind }: { readonly diskId: string; readonly kind: string },
): Promise<RefusedDisk | null> {
  if (holder === null || (kind !== 'waiting' && kind !== 'throttled')) return null;
  const vm = await azure.readVm(holder.id);
  const powerState = vm.status === 'ok' ? vm.value?.powerState : null;
  if (powerState !== 'running' && powerState !== 'starting') return null;
  const message = 'Somebody else has started its VM meanwhile.';
  return { diskId, kind: 'refused', code: STARTED_BY_ANOTHER, message };
}
