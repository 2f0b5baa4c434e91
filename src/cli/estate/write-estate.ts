import { writeFileSync } from 'node:fs';
import type { EstateDescription } from '@keyturn/azure-simulator/estate-description';
import { systemReason } from '../system-error.ts';
import { say, type Terminal, tell } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/**
 * Writes an estate as JSON, to a file that only its owner reads or to standard output.
 *
 * @throws UsageError when it cannot be written.
 */
export function writeEstate(
  estate: EstateDescription,
  file: string | undefined,
  terminal: Terminal,
): void {
  const json = JSON.stringify(estate, null, 1);
  if (file === undefined) {
    tell(terminal, json);
    return;
  }
  try {
    writeFileSync(file, `${json}\n`, { mode: 0o600 });
  } catch (error) {
    const reason = systemReason(error);
    if (reason === null) throw error;
    throw new UsageError(`--output ${file} cannot be written: ${reason}.`, { cause: error });
  }
  const vms = estate.virtualMachines?.length ?? 0;
  say(terminal, `${file} holds ${vms} VMs and ${diskCount(estate)} disks.`);
}

function diskCount({ virtualMachines = [], disks = [] }: EstateDescription): number {
  const held = virtualMachines.map(({ osDisk, dataDisks = 0 }) => {
    const data = typeof dataDisks === 'number' ? dataDisks : dataDisks.length;
    return data + (osDisk === 'ephemeral' ? 0 : 1);
  });
  return held.reduce((sum, count) => sum + count, disks.length);
}
