import { ArmError } from '../arm/arm-error.ts';
import type { Vm } from './vm.ts';

/** A size that this subscription cannot have, or not now. */
export interface RestrictedSize {
  readonly size: string;
  /** Everywhere when absent. */
  readonly location?: string;
  /** The whole region when absent. */
  readonly zones?: readonly string[];
  /**
   * `subscription`: not offered to it, which the list of sizes says; `retired`: not in that list at
   * all; `capacity`: none left, which no list says.
   */
  readonly reason: 'subscription' | 'retired' | 'capacity';
}

/** A machine, or what it is to become. */
type Sized = Pick<Vm, 'spec' | 'size' | 'location'>;

/** Whether a size is restricted in a region: as a whole, or in some of its zones. */
export function restrictionsOf(
  all: readonly RestrictedSize[],
  { size, location }: { readonly size: string; readonly location: string },
): readonly RestrictedSize[] {
  return all.filter(
    (it) =>
      it.size.toLowerCase() === size.toLowerCase() &&
      (it.location ?? location).toLowerCase() === location.toLowerCase(),
  );
}

/**
 * Refuses to give a new, deallocated or changed machine a size that is not to be had.
 *
 * Source: the text is quoted in public reports; that a size which is retired or not offered refuses
 * at once, with 409, is assumed.
 *
 * @throws ArmError 409
 */
export function refuseUnavailableSize(vm: Sized, all: readonly RestrictedSize[]): void {
  const refused = bindingOn(vm, all).some(({ reason }) => reason !== 'capacity');
  if (!refused) return;
  throw new ArmError(
    409,
    'SkuNotAvailable',
    `The requested VM size for resource 'Following SKUs have failed for Capacity Restrictions: ${vm.size}' is currently not available in location '${vm.location}'. Please try another size or deploy to a different location or different zone. See https://aka.ms/azureskunotavailable for details.`,
  );
}

/**
 * Fails to allocate a machine where no capacity is left, which Azure finds out while it starts.
 *
 * Source: "Troubleshoot allocation failures", codes and text.
 *
 * @throws ArmError to end the operation as failed.
 */
export function allocate(vm: Sized, all: readonly RestrictedSize[]): void {
  if (!bindingOn(vm, all).some(({ reason }) => reason === 'capacity')) return;
  const [code, where] = vm.spec.zones
    ? ['ZonalAllocationFailed', 'zone']
    : ['AllocationFailed', 'region'];
  throw new ArmError(
    409,
    code,
    `Allocation failed. We do not have sufficient capacity for the requested VM size in this ${where}. Read more about improving likelihood of allocation success at http://aka.ms/allocation-guidance`,
  );
}

/** A restriction of zones binds the machines that are in one of them. */
function bindingOn({ spec, size, location }: Sized, all: readonly RestrictedSize[]) {
  return restrictionsOf(all, { size, location }).filter(
    ({ zones }) => zones?.some((zone) => spec.zones?.includes(zone)) ?? true,
  );
}
