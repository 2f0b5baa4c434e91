/** A disk encryption set as Azure shows it, reduced to what decisions need. */
export interface DiskEncryptionSet {
  readonly id: string;
  readonly region: string;
  /** What a disk's `encryption.type` must say to be on this set. */
  readonly encryptionType: string;
  readonly provisioningState: string;
  /** URL of the key version in use, or null when the set has none. */
  readonly keyUrl: string | null;
  /** e.g. `SystemAssigned`, `UserAssigned`, or null. */
  readonly identityType: string | null;
  /** Object IDs of the identities with which it goes to its key. */
  readonly principalIds: readonly string[];
  /** The directory of its identity; null where Azure does not say. */
  readonly tenantId: string | null;
  /** The application by which it reaches a vault of another directory, or null. */
  readonly federatedClientId: string | null;
  /** ARM ID of the vault or managed HSM, or null: absent where that is in another subscription. */
  readonly vaultId: string | null;
  /** Why Azure switched automatic rotation off, or null. */
  readonly autoKeyRotationError: { readonly code: string; readonly message: string } | null;
}
