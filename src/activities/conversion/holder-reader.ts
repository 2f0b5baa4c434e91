import type { Answer, Azure } from '../../azure/azure.ts';
import type { Disk } from '../../domain/azure/disk.ts';
import type { Vm } from '../../domain/azure/vm.ts';
import { vmsOf } from '../../domain/azure/vm-of.ts';

/** Reads the VMs that hold a disk, of a shared one all; without those that are gone. */
export type HolderReader = (disk: Disk) => Promise<Answer<readonly Vm[]>>;

/** Makes a reader for disks that are changed at once: those of one VM share its reading. */
export function holderReader(azure: Azure): HolderReader {
  const readings = new Map<string, ReturnType<Azure['readVm']>>();
  const readOnce = (vmId: string) => {
    const reading = readings.get(vmId.toLowerCase()) ?? azure.readVm(vmId);
    readings.set(vmId.toLowerCase(), reading);
    return reading;
  };
  return async (disk) => {
    const holders: Vm[] = [];
    for (const answer of await Promise.all(vmsOf(disk).map(readOnce))) {
      if (answer.status !== 'ok') return answer;
      if (answer.value !== null) holders.push(answer.value);
    }
    return { status: 'ok', value: holders };
  };
}
