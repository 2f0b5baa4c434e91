import type { Azure } from '../../azure/azure.ts';
import type { Machine } from '../../domain/turn/stop.ts';
import { isUnavailable } from '../is-unavailable.ts';

/** What decides which capacity a VM needs; null where Azure does not say now. */
export async function readMachine(azure: Azure, vmId: string): Promise<Machine | null> {
  try {
    const vm = await azure.readVm(vmId);
    return vm.status === 'ok' ? vm.value : null;
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return null;
  }
}
