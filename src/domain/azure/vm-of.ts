import { parseArmId, sameId, VM_TYPE } from './arm-id.ts';

interface Held {
  readonly managedBy: string | null;
  /** All owners of a shared disk, of which `managedBy` names one, or none. */
  readonly sharers?: readonly string[];
}

/** The VM that an ARM ID of an owner names, of a shared disk one of them; null when it is another kind of owner, or none. */
export function vmOf({ managedBy, sharers = [] }: Held): string | null {
  const owner = managedBy ?? sharers[0] ?? null;
  return owner !== null && isVm(owner) ? owner : null;
}

/** The VMs that hold a disk, each once. */
export function vmsOf({ managedBy, sharers = [] }: Held): readonly string[] {
  const owners = managedBy === null ? sharers : [managedBy, ...sharers];
  return owners.filter(
    (id, place) => isVm(id) && owners.findIndex((each) => sameId(each, id)) === place,
  );
}

function isVm(id: string): boolean {
  return parseArmId(id)?.type === VM_TYPE;
}
