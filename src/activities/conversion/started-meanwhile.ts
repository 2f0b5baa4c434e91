import type { Azure } from '../../azure/azure.ts';
import type { Vm } from '../../domain/azure/vm.ts';
import {
  type RefusedDisk,
  STARTED_BY_ANOTHER,
} from '../../domain/conversion/conversion-outcome.ts';

/** A disk that has to wait, for somebody has started its VM meanwhile: to wait on is in vain. */
export async function startedMeanwhile(
  azure: Azure,
  holders: readonly Vm[],
  { diskId, kind }: { readonly diskId: string; readonly kind: string },
): Promise<RefusedDisk | null> {
  if (kind !== 'waiting' && kind !== 'throttled') return null;
  const seen = await Promise.all(holders.map(({ id }) => azure.readVm(id)));
  if (!seen.some((answer) => answer.status === 'ok' && isOn(answer.value))) return null;
  const message = 'Somebody else has started its VM meanwhile.';
  return { diskId, kind: 'refused', code: STARTED_BY_ANOTHER, message };
}

function isOn(vm: Vm | null): boolean {
  return vm?.powerState === 'running' || vm?.powerState === 'starting';
}
