import type { MaintenanceWindow } from './maintenance-window.ts';
import type { Until } from './until.ts';

/** A part of the estate that keyturn may touch: whatever meets all that an entry names. */
export interface ScopeEntry extends ScopeConditions {
  readonly subscriptionId: string;
}

/** The same in all subscriptions below a management group, before Azure was asked which. */
export interface ManagementGroupEntry extends ScopeConditions {
  readonly managementGroup: string;
}

interface ScopeConditions {
  /** Null: every resource group. */
  readonly resourceGroups: readonly string[] | null;
  /** Null: every region. */
  readonly regions: readonly string[] | null;
  /** Tags that a disk, or the VM that holds it, must carry. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Somebody answers for it, and it ends. */
interface Owned extends Until {
  /** ARM ID of a subscription, resource group, VM or disk. */
  readonly scope: string;
  readonly owner: string;
  readonly reason: string;
}

/** What is left alone until a time. */
interface Exclusion extends Owned {}

/** A check that does not stand in the way until a time. */
export interface Exemption extends Owned {
  /** Code of the verdict. */
  readonly check: string;
}

/** Which disk encryption set a disk goes onto, when it meets all conditions. */
export interface SetRule {
  /** ARM ID. */
  readonly set: string;
  /** Null: every region, though a set serves only its own. */
  readonly regions: readonly string[] | null;
  readonly subscriptions: readonly string[] | null;
  /** Tags of the disk, or of the VM that holds it. */
  readonly tags: Readonly<Record<string, string>>;
  /** What the set's own `encryptionType` must be; null: whatever it is. */
  readonly encryptionType: SetType | null;
}

export type SetType =
  | 'EncryptionAtRestWithCustomerKey'
  | 'EncryptionAtRestWithPlatformAndCustomerKeys';

/** VMs that may be off at once; null: no limit of its own. */
interface Caps {
  readonly vms: number | null;
  readonly perRegion: number | null;
  readonly perAvailabilitySet: number | null;
  readonly perZone: number | null;
  readonly perEncryptionSet: number | null;
}

/** What a deallocation may take away or endanger; each is also the code of its verdict. */
export type Risk =
  | 'dynamic-public-ip'
  | 'temporary-disk'
  | 'spot'
  | 'size-restricted'
  | 'dedicated-host'
  | 'capacity-reservation'
  | 'proximity-placement-group'
  | 'scale-set-model'
  | 'site-recovery'
  | 'auto-shutdown'
  | 'backup-running';

/** What the operator allows. */
export interface ConversionPolicy {
  /** `report` only says what would be done. */
  readonly mode: 'report' | 'enforce';
  /** Empty: nothing is touched. */
  readonly scope: readonly ScopeEntry[];
  readonly exclusions: readonly Exclusion[];
  /** The most specific one that fits counts. */
  readonly encryptionSets: readonly SetRule[];
  /** Whether a running VM may be switched off for its conversion. */
  readonly mayDeallocate: boolean;
  /** How long a new VM is left alone, from its creation. */
  readonly settleMinutes: number;
  /** A key that expires sooner than this counts as expired. */
  readonly keyExpiryMarginDays: number;
  /** How long a VM or disk is left alone after Azure refused it. */
  readonly retryRefusedAfterHours: number;
  /** How long the sweep does not look again at what was blocked; events and people make it look. */
  readonly lookAgainAfterMinutes: number;
  /** When a running VM may be switched off. */
  readonly when: 'at-once' | 'in-window' | 'on-approval' | 'when-deallocated';
  /** Of VMs without a window of their own; see `decideTurn`. */
  readonly windows: readonly MaintenanceWindow[];
  readonly approval: {
    /** How long an approval is waited for, and, once given, stands: from when it was asked for. */
    readonly deadlineHours: number;
    /** Whether somebody else than who asked must approve. */
    readonly notByRequester: boolean;
  };
  readonly caps: Caps;
  /** More to convert than this: nothing is done. Null: no limit. */
  readonly maxResources: number | null;
  /** The same, of all VMs and disks in scope. */
  readonly maxPercent: number | null;
  /** Failed conversions within a day after which nothing more is begun. Null: never. */
  readonly stopAfterFailures: number | null;
  readonly risks: Readonly<Record<Risk, 'warn' | 'block'>>;
  readonly exemptions: readonly Exemption[];
}

/** A policy as its file says it: Azure knows what is below its management groups. */
export interface WrittenPolicy extends Omit<ConversionPolicy, 'scope'> {
  readonly scope: readonly (ScopeEntry | ManagementGroupEntry)[];
}
