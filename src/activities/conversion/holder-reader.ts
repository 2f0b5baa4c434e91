import type { Answer, Azure } from '../../azure/azure.ts';
import type { Disk } from '../../domain/azure/disk.ts';
import { vmOf } from '../../domain/azure/vm-of.ts';
import type { Holder } from '../../domain/gate/disk-facts.ts';

/** Reads the VM that holds a disk; null when none does, or it is gone. */
export type HolderReader = (disk: Disk) => Promise<Answer<Holder>>;

/** Makes a reader for disks that are changed at once: those of one VM share its reading. */
export function holderReader(azure: Azure): HolderReader {
  const readings = new Map<string, ReturnType<Azure['readVm']>>();
  return async (disk) => {
    const vmId = vmOf(disk);
    if (vmId === null) return { status: 'ok', value: null };
    const reading = readings.get(vmId.toLowerCase()) ?? azure.readVm(vmId);
    readings.set(vmId.toLowerCase(), reading);
    return reading;
  };
}
