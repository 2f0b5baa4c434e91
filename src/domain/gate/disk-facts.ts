import type { Disk } from '../azure/disk.ts';
import type { DiskEncryptionSet } from '../azure/disk-encryption-set.ts';
import type { Key } from '../azure/key.ts';
import type { Lock } from '../azure/lock.ts';
import type { Permission } from '../azure/permission.ts';
import type { Reading } from '../azure/reading.ts';
import type { Subscription } from '../azure/subscription.ts';
import type { Tags } from '../azure/tags.ts';
import type { KeyRole, Vault } from '../azure/vault.ts';
import type { KeyPolicyExemption, PolicyRefusal } from './judge-policies.ts';

/** The VM that holds a disk, as far as the policy looks at it; null when none does. */
export type Holder = { readonly id: string; readonly tags: Tags } | null;

/** Another VM that holds a shared disk. */
export interface Sharer {
  readonly id: string;
  readonly region: string;
  readonly powerState: string;
  readonly tags: Tags;
}

/** What was read about one disk. */
export interface DiskFacts {
  readonly disk: Disk;
  readonly vm: Holder;
  /** The other VMs that hold it; empty but for a shared disk. */
  readonly sharers: Reading<readonly Sharer[]>;
  /** ARM ID of who manages its resource group (AKS, Databricks …), or null. */
  readonly groupManagedBy: Reading<string | null>;
  /** The disk encryption set that the policy chooses; null when it chooses none, or not one. */
  readonly set: { readonly id: string; readonly reading: Reading<DiskEncryptionSet | null> } | null;
  readonly key: { readonly url: string; readonly reading: Reading<Key | null> } | null;
  /** The vault behind the set; null where there is no set or no key. */
  readonly vault: { readonly id: string; readonly reading: Reading<Vault | null> } | null;
  /** What roles let the set's identities do with the key; null where roles do not count. */
  readonly keyRoles: Reading<readonly KeyRole[]> | null;
  /** What roles of groups let them do with it; null where that is of no account. */
  readonly groupKeyRoles: Reading<readonly KeyRole[]> | null;
  /** What Azure Policy would refuse; null where there is no set to ask about. */
  readonly policyRefusals: Reading<readonly PolicyRefusal[]> | null;
  /** What was taken out of policies about keys of disks, in its subscription. */
  readonly policyExemptions: Reading<readonly KeyPolicyExemption[]>;
  /** Of its subscription. */
  readonly locks: Reading<readonly Lock[]>;
  readonly subscription: Reading<Subscription>;
  /** What keyturn may do in its resource group. */
  readonly rights: Reading<readonly Permission[]>;
  /** ARM IDs of the incremental snapshots of this very disk. */
  readonly incrementalSnapshots: Reading<readonly string[]>;
  /** ARM IDs of the restore points that its VMs have; null when no VM holds it now. */
  readonly restorePoints: Reading<readonly string[]> | null;
}
