export const PLATFORM_KEY = 'EncryptionAtRestWithPlatformKey';

/** A managed disk as Azure shows it, reduced to what decisions need. */
export interface Disk {
  readonly id: string;
  readonly region: string;
  /** e.g. `EncryptionAtRestWithPlatformKey`; as Azure spells it. */
  readonly encryptionType: string;
  readonly diskEncryptionSetId: string | null;
  /** e.g. `Unattached`, `Attached`, `Reserved`, `ActiveSAS`. */
  readonly diskState: string;
  readonly provisioningState: string;
  /** ARM ID of the owner, which need not be a VM, or null. */
  readonly managedBy: string | null;
  /** All owners of a shared disk; empty for any other. */
  readonly sharers: readonly string[];
  readonly maxShares: number;
  /** SKU name, e.g. `PremiumV2_LRS`. */
  readonly sku: string;
  /** Azure's id of this very disk; a new disk of the same name has another. Null on old api-versions. */
  readonly uniqueId: string | null;
  /** Whether Azure Disk Encryption left settings on it, enabled or not. */
  readonly hasDiskEncryptionSettings: boolean;
  /** Of a copy in the background; null when Azure shows none. */
  readonly completionPercent: number | null;
  /** e.g. `TrustedLaunch`, `ConfidentialVM_DiskEncryptedWithCustomerKey`, or null. */
  readonly securityType: string | null;
  /** ARM ID of the set in a confidential disk's own second place for one, or null. */
  readonly secureVmSetId: string | null;
  readonly tags: Readonly<Record<string, string>>;
}
