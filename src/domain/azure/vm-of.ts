import { parseArmId, VM_TYPE } from './arm-id.ts';

/** The VM that an ARM ID of an owner names; null when it is another kind of owner, or none. */
export function vmOf({ managedBy }: { readonly managedBy: string | null }): string | null {
  return managedBy !== null && parseArmId(managedBy)?.type === VM_TYPE ? managedBy : null;
}
