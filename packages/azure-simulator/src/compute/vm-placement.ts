/** What binds a machine to capacity of its own, or makes it lose the one it has. */
export interface VmPlacement {
  /** What Azure does to a Spot machine whose capacity it wants back. */
  readonly spotEviction?: 'Deallocate' | 'Delete' | undefined;
  /** ARM ID of the dedicated host. */
  readonly hostId?: string | undefined;
  /** ARM ID of the group of hosts from which Azure chooses one. */
  readonly hostGroupId?: string | undefined;
  readonly capacityReservationGroupId?: string | undefined;
}

/**
 * The properties of a machine that say so.
 *
 * Source: REST reference, Virtual Machines – Get; `maxPrice` -1 is "never for its price".
 */
export function placementProperties(placement: VmPlacement = {}): object {
  const { spotEviction, hostId, hostGroupId, capacityReservationGroupId } = placement;
  return {
    ...(spotEviction
      ? { priority: 'Spot', evictionPolicy: spotEviction, billingProfile: { maxPrice: -1 } }
      : {}),
    ...(hostId ? { host: { id: hostId } } : {}),
    ...(hostGroupId ? { hostGroup: { id: hostGroupId } } : {}),
    ...(capacityReservationGroupId
      ? {
          capacityReservation: {
            capacityReservationGroup: { id: capacityReservationGroupId },
          },
        }
      : {}),
  };
}
