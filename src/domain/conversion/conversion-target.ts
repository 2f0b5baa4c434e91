import { vmOf } from '../azure/vm-of.ts';

/** What one conversion is about: a VM with all its disks, or a disk that no VM holds. */
export interface ConversionTarget {
  readonly kind: 'vm' | 'disk';
  /** ARM ID. */
  readonly id: string;
}

/** Takes out what names the same resource again, whatever its case. */
export function onceEach(targets: readonly ConversionTarget[]): readonly ConversionTarget[] {
  const seen = new Set<string>();
  return targets.filter(({ id }) => {
    const known = seen.has(id.toLowerCase());
    seen.add(id.toLowerCase());
    return !known;
  });
}

/** What is converted for a disk: the VM that holds it, else the disk itself. */
export function targetOf(disk: {
  readonly id: string;
  readonly managedBy: string | null;
}): ConversionTarget {
  const vmId = vmOf(disk);
  return vmId === null ? { kind: 'disk', id: disk.id } : { kind: 'vm', id: vmId };
}
