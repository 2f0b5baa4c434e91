import type { DiskStateName } from '../compute/disk-spec.ts';
import type { RestrictedSize } from '../compute/restricted-size.ts';
import type { SubscriptionState } from '../resources/inventory.ts';

import type { GovernanceDescription } from './governance-description.ts';

type TagMap = Readonly<Record<string, string>>;

export interface SubscriptionDescription {
  readonly id: string;
  readonly name: string;
  /** `Enabled` when absent. */
  readonly state?: SubscriptionState;
}

/** Where a resource lies. */
interface PlaceDescription {
  readonly group?: string;
  /** ID or name of the subscription; that of the group, else the first, when absent. */
  readonly subscription?: string;
}

export interface GroupDescription {
  readonly name: string;
  /** ID or name; the first subscription when absent. */
  readonly subscription?: string;
  readonly location?: string;
  /** ARM ID of what manages the group, e.g. a Databricks workspace. */
  readonly managedBy?: string;
  readonly tags?: TagMap;
}

export interface KeyDescription {
  readonly name: string;
  /** `RSA` when absent. */
  readonly kty?: string;
  /** 3072 when absent. */
  readonly sizeBits?: number;
  readonly enabled?: boolean;
  /** What it may be used for, in the words of `key_ops`; everything when absent. */
  readonly operations?: readonly string[];
  /** Days from now, negative for an expired key; `null` for a key without an end. */
  readonly expiresInDays?: number | null;
  readonly deleted?: boolean;
}

export interface VaultDescription extends PlaceDescription {
  /** `vault` when absent; an HSM has neither a SKU, nor roles, nor a firewall here. */
  readonly kind?: 'vault' | 'hsm';
  readonly name: string;
  readonly location?: string;
  readonly sku?: 'standard' | 'premium';
  readonly rbac?: boolean;
  /** The directory whose identities it knows; the estate's when absent. */
  readonly tenantId?: string;
  readonly purgeProtection?: boolean;
  readonly retentionDays?: number;
  /** `trusted-services` when absent: closed but for Azure's own services. */
  readonly firewall?: 'none' | 'trusted-services' | 'closed';
  readonly keys?: readonly KeyDescription[];
}

export interface StorageAccountDescription extends PlaceDescription {
  /** Of all Azure: 3 to 24 small letters and digits. */
  readonly name: string;
  readonly location?: string;
  /** `Standard_LRS` when absent. */
  readonly sku?: string;
  /** Names of tables that are there already. */
  readonly tables?: readonly string[];
}

export interface EncryptionSetDescription extends PlaceDescription {
  readonly name: string;
  readonly location?: string;
  /** `vault/key`; the key is made when it is not there. */
  readonly key?: string;
  readonly encryptionType?: string;
  readonly identity?: 'SystemAssigned' | 'UserAssigned';
  /** The directory of its identity; the estate's when absent. */
  readonly tenantId?: string;
  readonly autoRotation?: boolean;
  /** Whether the set's identity may use the key, whatever its grants say; `true` when absent. */
  readonly accessGranted?: boolean | 'by-role';
}

export interface DiskDescription extends PlaceDescription {
  readonly name: string;
  readonly location?: string;
  readonly zones?: readonly string[];
  readonly sku?: string;
  readonly sizeGB?: number;
  readonly os?: 'Linux' | 'Windows';
  readonly tags?: TagMap;
  /** Name of an encryption set; platform key when absent. */
  readonly encryptionSet?: string;
  /** A state that does not follow from a machine: an export, an upload, a foreign owner. */
  readonly state?: DiskStateName;
  /** ARM ID of an owner that is no simulated machine. */
  readonly managedBy?: string;
  readonly maxShares?: number;
  readonly fromImage?: boolean;
  /** Azure Disk Encryption: `now` shows in the disk, `before` shows nowhere. */
  readonly ade?: 'now' | 'before';
  /** Confidential disks have a second place for an encryption set. */
  readonly confidential?: { readonly securityType: string; readonly encryptionSet?: string };
  /** How far it is filled from a snapshot, now; absent for a disk that never was. */
  readonly completionPercent?: number;
  /** Names of machines that hold it. */
  readonly attachedTo?: readonly string[];
}

export interface VmDescription extends PlaceDescription {
  readonly name: string;
  readonly location?: string;
  readonly zones?: readonly string[];
  readonly os?: 'Linux' | 'Windows';
  readonly size?: string;
  readonly power?: 'running' | 'stopped' | 'deallocated' | 'hibernated';
  readonly tags?: TagMap;
  /** `ephemeral`, or what differs from the usual; a disk of its own name when absent. */
  readonly osDisk?: 'ephemeral' | Partial<DiskDescription>;
  /** Descriptions, or how many usual ones. */
  readonly dataDisks?: number | readonly Partial<DiskDescription>[];
  readonly availabilitySet?: string;
  readonly scaleSet?: string;
  /** Name of a proximity placement group. */
  readonly proximityPlacementGroup?: string;
  /** An address of the internet; none when absent. A dynamic one is lost at deallocation. */
  readonly publicIp?: 'static' | 'dynamic';
  /** A Spot machine, and what Azure does when it wants the capacity back. */
  readonly spot?: 'Deallocate' | 'Delete';
  /** `hostGroup/host`, or `hostGroup` where Azure chooses the host. */
  readonly dedicatedHost?: string;
  /** Name of a capacity reservation group. */
  readonly capacityReservation?: string;
  /** When it is shut down every day, in UTC: `1900`. */
  readonly autoShutdown?: string;
  readonly encryptionAtHost?: boolean;
  readonly securityType?: string;
  readonly adeExtension?: boolean;
  /** Days since it was made; 90 when absent. */
  readonly ageDays?: number;
}

export interface SnapshotDescription extends PlaceDescription {
  readonly name: string;
  /** Name of the disk. */
  readonly disk: string;
  readonly incremental?: boolean;
  /** How far it is copied in the background, now; complete when absent. */
  readonly completionPercent?: number;
}

export interface RestorePointDescription extends PlaceDescription {
  /** Name of the collection. */
  readonly name: string;
  /** Name of the machine. */
  readonly vm: string;
  readonly points: readonly string[];
}

export interface LockDescription {
  readonly name: string;
  /** ARM ID of what is locked. */
  readonly scope: string;
  readonly level: 'CanNotDelete' | 'ReadOnly';
}

/** A scale set beside those that machines and disks name, or the model of one that they name. */
export interface ScaleSetDescription extends PlaceDescription {
  readonly name: string;
  readonly location?: string;
  /** `Uniform` when absent. */
  readonly mode?: 'Uniform' | 'Flexible';
  readonly size?: string;
  readonly os?: 'Linux' | 'Windows';
  /** Name of the encryption set in its model. */
  readonly encryptionSet?: string;
  /** How many uniform instances, each with a system disk. */
  readonly instances?: number;
}

export interface BackupJobDescription {
  /** Name of the machine. */
  readonly vm: string;
  /** `InProgress` when absent. */
  readonly status?: 'InProgress' | 'Completed' | 'Failed';
  /** `Backup` when absent. */
  readonly operation?: 'Backup' | 'Restore' | 'ConfigureBackup';
}

export interface RecoveryVaultDescription extends PlaceDescription {
  readonly name: string;
  readonly location?: string;
  readonly jobs?: readonly BackupJobDescription[];
  /** The machines that Site Recovery copies. */
  readonly replicated?: readonly ReplicatedDescription[];
}

export interface ReplicatedDescription {
  /** By name or ID. */
  readonly vm: string;
  /** Region of the copy; that of the vault when absent. */
  readonly copyIn?: string;
}

/** A role of one's own, in the words of Azure's role definitions. */
export interface RoleDescription {
  readonly name: string;
  readonly actions: readonly string[];
  readonly notActions?: readonly string[];
  readonly dataActions?: readonly string[];
}

export interface RoleAssignmentDescription {
  /** An object ID, or `caller`: the managed identity, which is then no longer Owner. */
  readonly principal: string;
  /** By name, e.g. `Reader`, or GUID. */
  readonly role: string;
  /** ARM ID; every subscription when absent. */
  readonly scope?: string;
}

/** What there is to begin with, as plain JSON. Names are unique per kind. */
export interface EstateDescription extends GovernanceDescription {
  /** The first subscription. */
  readonly subscriptionId: string;
  /** The others; the first one too, to name it. */
  readonly subscriptions?: readonly SubscriptionDescription[];
  readonly tenantId?: string;
  /** Whether an expired key shuts machines down as a disabled one does; `false` when absent. */
  readonly expiredKeyStopsMachines?: boolean;
  readonly resourceGroups?: readonly GroupDescription[];
  readonly vaults?: readonly VaultDescription[];
  readonly encryptionSets?: readonly EncryptionSetDescription[];
  readonly storageAccounts?: readonly StorageAccountDescription[];
  /** ARM ID of a function → URL of its Event Grid trigger on this machine. */
  readonly endpoints?: Readonly<Record<string, string>>;
  readonly virtualMachines?: readonly VmDescription[];
  readonly disks?: readonly DiskDescription[];
  readonly snapshots?: readonly SnapshotDescription[];
  readonly restorePoints?: readonly RestorePointDescription[];
  readonly scaleSets?: readonly ScaleSetDescription[];
  readonly recoveryVaults?: readonly RecoveryVaultDescription[];
  readonly restrictedSizes?: readonly RestrictedSize[];
  readonly locks?: readonly LockDescription[];
  readonly roles?: readonly RoleDescription[];
  readonly roleAssignments?: readonly RoleAssignmentDescription[];
}
