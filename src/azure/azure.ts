import type { Disk } from '../domain/azure/disk.ts';
import type { DiskEncryptionSet } from '../domain/azure/disk-encryption-set.ts';
import type { Key } from '../domain/azure/key.ts';
import type { Lock } from '../domain/azure/lock.ts';
import type { Permission } from '../domain/azure/permission.ts';
import type { Subscription } from '../domain/azure/subscription.ts';
import type { KeyRole, Vault } from '../domain/azure/vault.ts';
import type { Vm } from '../domain/azure/vm.ts';
import type { KeyPolicyExemption, PolicyRefusal } from '../domain/gate/judge-policies.ts';
import type {
  MachineSize,
  PublicAddress,
  ReplicatedVm,
  RunningBackup,
  ScaleSetModel,
} from '../domain/gate/vm-facts.ts';

/**
 * What Azure said. An outage is no answer: it throws `AzureUnavailableError`.
 *
 * `refused` is for good, with ARM's code verbatim; `throttled` also stands for "another operation
 * is under way", and says when to come back.
 */
export type Answer<T> =
  | { readonly status: 'ok'; readonly value: T }
  | {
      readonly status: 'refused';
      readonly code: string;
      readonly message: string;
      /** Codes that Azure gives within: often they name the cause. */
      readonly innerCodes?: readonly string[];
    }
  | { readonly status: 'throttled'; readonly code: string; readonly retryAfterMs: number };

/** A long-running operation that Azure accepted. */
export interface Accepted {
  /** Azure's hint when to look first, or null. A hint: operations end before and after it. */
  readonly retryAfterMs: number | null;
  /** Asks how it ended: null while it runs. The URL behind it is 3 kB, so it stays in memory. */
  readonly outcome: () => Promise<Answer<OperationOutcome | null>>;
  /** By these Azure's support finds the call; null when its answer did not tell. */
  readonly correlationId: string | null;
  readonly operationId: string | null;
}

type OperationOutcome =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** A disk or VM found through Resource Graph, which lags behind: read it before acting. */
export interface Found {
  readonly id: string;
  /** ARM ID of a disk's owner, or null. */
  readonly managedBy: string | null;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface FoundPage {
  readonly found: readonly Found[];
  /** Null on the last page. */
  readonly skipToken: string | null;
  /** What was created lately may be missing; absent: it is not. */
  readonly mayLack?: true;
}

/** Where to look: subscriptions, and within them a resource group or all. */
export interface SearchScope {
  readonly subscriptionIds: readonly string[];
  readonly resourceGroup: string | null;
}

/** How a disk is to be encrypted. */
export interface Encryption {
  readonly type: string;
  readonly diskEncryptionSetId: string;
}

/** All that keyturn asks of Azure. Not there (404) is `ok` with null. */
export interface Azure {
  readDisk(diskId: string): Promise<Answer<Disk | null>>;
  readVm(vmId: string): Promise<Answer<Vm | null>>;
  readDiskEncryptionSet(id: string): Promise<Answer<DiskEncryptionSet | null>>;
  readKey(keyUrl: string): Promise<Answer<Key | null>>;
  readSubscription(subscriptionId: string): Promise<Answer<Subscription>>;
  hasResourceGroup(groupId: string): Promise<Answer<boolean>>;
  /** ARM ID of who manages the group, or null. */
  readGroupManagedBy(resourceId: string): Promise<Answer<string | null>>;
  /** ARM IDs of incremental snapshots in the disk's subscription that were taken of this very disk. */
  listIncrementalSnapshots(disk: Disk): Promise<Answer<readonly string[]>>;
  /** ARM IDs of the restore points of a VM. */
  listRestorePoints(vmId: string): Promise<Answer<readonly string[]>>;

  /** All of the resource's subscription. */
  listLocks(resourceId: string): Promise<Answer<readonly Lock[]>>;
  /** What keyturn itself may do in the resource's group. */
  listPermissions(resourceId: string): Promise<Answer<readonly Permission[]>>;
  /** Which policies would refuse to put the disk onto the set. */
  askPolicies(disk: Disk, encryption: Encryption): Promise<Answer<readonly PolicyRefusal[]>>;
  /** Which policies would refuse that the VM gets a tag. */
  askPoliciesOfTag(vmId: string, tag: string): Promise<Answer<readonly PolicyRefusal[]>>;
  /** What is exempt from policies about keys of disks in the resource's subscription. */
  listKeyPolicyExemptions(resourceId: string): Promise<Answer<readonly KeyPolicyExemption[]>>;
  /** ARM ID of the vault or managed HSM that a key's URL names, wherever keyturn may read. */
  findVault(keyUrl: string): Promise<Answer<string>>;
  /** A key vault or managed HSM, by its ARM ID. */
  readVault(vaultId: string): Promise<Answer<Vault | null>>;
  /** Roles that let an identity do anything with a key of a vault. */
  listKeyRoles(
    key: { readonly vaultId: string; readonly keyUrl: string },
    principalId: string,
  ): Promise<Answer<readonly KeyRole[]>>;
  /** The same for all groups of people and identities together, whoever is in them. */
  listKeyRolesOfGroups(key: {
    readonly vaultId: string;
    readonly keyUrl: string;
  }): Promise<Answer<readonly KeyRole[]>>;
  /** Public addresses of the VM's subscription that change when their VM is deallocated. */
  listDynamicAddresses(vmId: string): Promise<Answer<readonly PublicAddress[]>>;
  /** ARM IDs of the VMs of a VM's subscription that a schedule shuts down. */
  listScheduledVms(vmId: string): Promise<Answer<readonly string[]>>;
  /** VMs of a VM's subscription of which a backup is taken; seen with a delay of seconds. */
  listRunningBackups(vmId: string): Promise<Answer<readonly RunningBackup[]>>;
  /** What a scale set makes new machines of; null where it is gone, or makes none by itself. */
  readScaleSet(id: string): Promise<Answer<ScaleSetModel | null>>;
  /** VMs that Site Recovery copies, in all subscriptions that keyturn may read. */
  listReplicatedVms(): Promise<Answer<readonly ReplicatedVm[]>>;
  /** Sizes of VMs that the VM's subscription knows in its region. */
  listSizes(vm: Pick<Vm, 'id' | 'region'>): Promise<Answer<readonly MachineSize[]>>;

  /** Asking twice for the same set changes nothing. */
  encryptDisk(diskId: string, encryption: Encryption): Promise<Answer<Accepted | null>>;
  deallocateVm(vmId: string): Promise<Answer<Accepted | null>>;
  startVm(vmId: string): Promise<Answer<Accepted | null>>;
  /** Merges one tag into the resource's tags, without a right to write the resource. */
  setTag(resourceId: string, name: string, value: string): Promise<Answer<null>>;
  removeTag(resourceId: string, name: string, value: string): Promise<Answer<null>>;

  /** Disks of one subscription as their provider lists them: all there are, while Resource Graph lags. */
  listDisks(scope: SearchScope, skipToken: string | null): Promise<Answer<FoundPage>>;
  /** Disks on a platform-managed key, likewise. */
  listPlatformKeyDisks(scope: SearchScope, skipToken: string | null): Promise<Answer<FoundPage>>;
  findDisks(scope: SearchScope, skipToken: string | null): Promise<Answer<FoundPage>>;
  /** Disks on a platform-managed key. */
  findPlatformKeyDisks(scope: SearchScope, skipToken: string | null): Promise<Answer<FoundPage>>;
  /** IDs of the subscriptions anywhere below a management group. */
  listSubscriptions(managementGroup: string): Promise<Answer<readonly string[]>>;
  /** VMs that carry a tag of this name, in all subscriptions that keyturn may read. */
  findTaggedVms(tag: string, skipToken: string | null): Promise<Answer<FoundPage>>;
}
