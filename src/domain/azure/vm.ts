/** The tag that says: this VM is off because keyturn switched it off. Its value is the instance ID. */
export const OFF_BY_TAG = 'keyturn:off-by';

export type PowerState =
  | 'running'
  | 'deallocated'
  /** Off, but still allocated: stopped in the guest or by power-off. Its disks stay attached. */
  | 'stopped'
  | 'starting'
  | 'stopping'
  | 'deallocating'
  | 'unknown';

/** Whether a VM that ran before must have gone off, even where it is on its way back. */
export function hasGoneOff(powerState: PowerState): boolean {
  return powerState !== 'running' && powerState !== 'unknown';
}

/** A virtual machine as Azure shows it, reduced to what decisions need. */
export interface Vm {
  readonly id: string;
  readonly region: string;
  readonly powerState: PowerState;
  readonly isHibernated: boolean;
  readonly provisioningState: string;
  /** Code and text of the last operation that failed, or null. */
  readonly failure: { readonly code: string; readonly message: string } | null;
  /** Milliseconds since 1970, or null when Azure does not say. */
  readonly createdAtMs: number | null;
  /** When its last operation ended, in ms since 1970; null: one is under way, or Azure does not say. */
  readonly changedAtMs: number | null;
  /** ARM IDs of its managed disks; the ephemeral OS disk is not one. */
  readonly diskIds: readonly string[];
  readonly hasEphemeralOsDisk: boolean;
  readonly hasUnmanagedDisk: boolean;
  /** Whether the Azure Disk Encryption extension or its old settings are on it. */
  readonly hasDiskEncryptionExtension: boolean;
  /** e.g. `Standard_D4ds_v5`. */
  readonly size: string;
  /** ARM IDs. */
  readonly networkInterfaceIds: readonly string[];
  readonly isSpot: boolean;
  /** ARM ID of its dedicated host, or of the group of hosts where Azure chooses; null without. */
  readonly dedicatedHostId: string | null;
  /** ARM ID of its group of capacity reservations, or null. */
  readonly capacityReservationId: string | null;
  readonly availabilitySetId: string | null;
  /** ARM ID of the flexible scale set that it is a member of, or null. */
  readonly scaleSetId: string | null;
  /** ARM ID, or null. */
  readonly proximityPlacementGroupId: string | null;
  /** Of its region, e.g. `1`; null for a VM that is in none. */
  readonly zone: string | null;
  readonly tags: Readonly<Record<string, string>>;
}
