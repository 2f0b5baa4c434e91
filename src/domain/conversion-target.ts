import { parseArmId, VM_TYPE } from './arm-id.ts';

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

/** The VM that an ARM ID of an owner names; null when it is another kind of owner, or none. */
export function vmOf({ managedBy }: { readonly managedBy: string | null }): string | null {
  return managedBy !== null && parseArmId(managedBy)?.type === VM_TYPE ? managedBy : null;
}

/** What is converted for a disk: the VM that holds it, else the disk itself. */
export function targetOf(disk: {
  readonly id: string;
  readonly managedBy: string | null;
}): ConversionTarget {
  const vmId = vmOf(disk);
  return vmId === null ? { kind: 'disk', id: disk.id } : { kind: 'vm', id: vmId };
}
