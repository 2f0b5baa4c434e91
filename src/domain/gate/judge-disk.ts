import { nameOf, parseArmId, sameId } from '../azure/arm-id.ts';
import { type Disk, PLATFORM_KEY } from '../azure/disk.ts';
import type { DiskEncryptionSet } from '../azure/disk-encryption-set.ts';
import { joinedTags, tagValue } from '../azure/tags.ts';
import { vmOf } from '../azure/vm-of.ts';
import { chooseDiskEncryptionSet, type SetChoice } from '../policy/choose-disk-encryption-set.ts';
import type { ConversionPolicy, SetRule } from '../policy/conversion-policy.ts';
import { exclusionOf, type StandingExclusion } from '../policy/exclusion-of.ts';
import { isInScope } from '../policy/is-in-scope.ts';
import type { DiskFacts, Holder } from './disk-facts.ts';
import { exempted } from './exempted.ts';
import { judgeDiskEncryptionSet, judgeFit } from './judge-disk-encryption-set.ts';
import { judgeDiskState } from './judge-disk-state.ts';
import { judgeGrant } from './judge-grant.ts';
import { judgeKey } from './judge-key.ts';
import { judgeLocks } from './judge-locks.ts';
import { isExemptFromKeyPolicies, judgePolicies, judgePolicyExemptions } from './judge-policies.ts';
import { judgeRightsOnDisk } from './judge-rights.ts';
import { isAttachedShared, judgeSharers } from './judge-sharers.ts';
import { judgeDirectory, judgeSubscription } from './judge-subscription.ts';
import { judgeVault } from './judge-vault.ts';
import { forbidsDeallocation, type Verdict, verdict } from './verdict.ts';

/** Why a disk is none of keyturn's business. */
export type SkipReason =
  | 'out-of-scope'
  | StandingExclusion['code']
  | 'already-converted'
  | 'other-customer-key'
  | 'region-not-covered'
  | 'managed-resource-group'
  | 'scale-set-uniform'
  | 'owner-not-a-vm'
  | 'kubernetes-volume'
  | 'site-recovery-replica'
  | 'confidential-vm'
  /** Azure Policy has an exemption from its policies about keys of disks. */
  | 'policy-exempt';

export type DiskJudgement =
  | { readonly kind: 'skip'; readonly diskId: string; readonly reason: SkipReason }
  | { readonly kind: 'blocked'; readonly diskId: string; readonly verdicts: readonly Verdict[] }
  | {
      readonly kind: 'convert';
      readonly diskId: string;
      readonly diskEncryptionSetId: string;
      /** What the disk's `encryption.type` becomes: the set's own type. */
      readonly encryptionType: string;
      /** What does not stand in the way: what only Azure's refusal would tell, and warnings. */
      readonly undecidable: readonly Verdict[];
    };

/** Judges one disk. Total: every disk gets exactly one answer. */
export function judgeDisk(
  facts: DiskFacts,
  policy: ConversionPolicy,
  nowMs: number,
): DiskJudgement {
  const { disk, vm, set } = facts;
  const skip = (reason: SkipReason): DiskJudgement => ({ kind: 'skip', diskId: disk.id, reason });
  const reason = reasonToSkip(disk, vm, policy, nowMs) ?? reasonOfSharers(facts, policy, nowMs);
  if (reason !== null) return skip(reason);
  if (isManaged(facts.groupManagedBy)) return skip('managed-resource-group');
  if (isExempt(facts, nowMs)) return skip('policy-exempt');
  const choice = chooseDiskEncryptionSet(disk, vm?.tags ?? {}, policy);
  if (choice.kind === 'ambiguous') {
    return { kind: 'blocked', diskId: disk.id, verdicts: [ambiguous(disk, choice)] };
  }
  if (choice.kind === 'none' || set === null) return skip('region-not-covered');

  const verdicts = [
    ...judgeDiskState(facts),
    ...judgeSharers(facts, choice.setId, policy),
    ...judgePermission(facts, nowMs),
    ...judgeDiskEncryptionSet(set.id, set.reading),
    ...(set.reading.status === 'read' && set.reading.value
      ? judgeBehind(facts, set.reading.value, choice.rule, policy, nowMs)
      : []),
  ].map((each) => exempted(each, disk, vm, policy, nowMs));
  const standing = verdicts.filter(forbidsDeallocation);
  if (standing.length > 0 || set.reading.status !== 'read' || set.reading.value === null) {
    return { kind: 'blocked', diskId: disk.id, verdicts: standing };
  }
  return {
    kind: 'convert',
    diskId: disk.id,
    diskEncryptionSetId: set.reading.value.id,
    encryptionType: set.reading.value.encryptionType,
    undecidable: verdicts.filter(({ answer }) => answer === 'undecidable' || answer === 'warn'),
  };
}

/**
 * Why a shared disk is left alone for one of the other VMs that hold it; their owners may be of
 * different minds. While one of them runs it is blocked anyway, and no VM of theirs is switched off.
 */
function reasonOfSharers(
  { disk, sharers }: DiskFacts,
  policy: ConversionPolicy,
  nowMs: number,
): SkipReason | null {
  if (sharers.status === 'unreadable' || isAttachedShared(disk)) return null;
  for (const sharer of sharers.value) {
    if (!isInScope(sharer, policy)) return 'out-of-scope';
    const reason = reasonToSkip(disk, sharer, policy, nowMs);
    if (reason !== null) return reason;
  }
  return null;
}

/** Its subscription, locks, our own rights, and what the organisation's policies say. */
function judgePermission(facts: DiskFacts, nowMs: number): readonly Verdict[] {
  const { disk, subscription, locks, rights, policyExemptions, policyRefusals } = facts;
  return [
    ...judgeSubscription(disk.id, subscription),
    ...judgeLocks(disk.id, locks),
    ...judgeRightsOnDisk(disk.id, rights),
    ...(policyRefusals === null ? [] : judgePolicies(disk.id, policyRefusals)),
    ...judgePolicyExemptions(disk.id, idsOf(facts), policyExemptions, nowMs),
  ];
}

function isExempt(facts: DiskFacts, nowMs: number): boolean {
  const { policyExemptions } = facts;
  if (policyExemptions.status === 'unreadable') return false;
  return isExemptFromKeyPolicies(idsOf(facts), policyExemptions.value, nowMs) === true;
}

/** The set for this disk, its key, and the vault of that. */
function judgeBehind(
  { disk, subscription, key, vault, keyRoles, groupKeyRoles }: DiskFacts,
  set: DiskEncryptionSet,
  rule: SetRule,
  { keyExpiryMarginDays }: ConversionPolicy,
  nowMs: number,
): readonly Verdict[] {
  const found = vault?.reading.status === 'read' ? vault.reading.value : null;
  // An identity that was assigned by a user shows no directory of its own.
  const known = subscription.status === 'read' ? subscription.value.tenantId : null;
  const roles = { own: keyRoles, ofGroups: groupKeyRoles };
  return [
    ...judgeFit(disk, set, rule.encryptionType),
    ...judgeDirectory(set, subscription),
    ...(key ? [judgeKey(key.url, key.reading, nowMs, keyExpiryMarginDays)] : []),
    ...(vault ? judgeVault(vault.id, vault.reading, set) : []),
    ...(found ? judgeGrant(set, set.tenantId ?? known, found, roles) : []),
  ];
}

function idsOf({ disk, vm, sharers }: DiskFacts): readonly string[] {
  const others = sharers.status === 'read' ? sharers.value.map(({ id }) => id) : [];
  return [disk.id, ...(vm === null ? [] : [vm.id]), ...others];
}

/**
 * Why a disk is left alone, as far as the disk itself tells; null when more must be read.
 *
 * Source: the pages of the services that own such disks: https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys,
 * https://learn.microsoft.com/azure/site-recovery/azure-to-azure-how-to-enable-replication-cmk-disks,
 * https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-orchestration-modes
 */
export function reasonToSkip(
  disk: Disk,
  vm: Holder,
  policy: ConversionPolicy,
  nowMs: number,
): SkipReason | null {
  const vmTags = vm?.tags ?? {};
  const tags = joinedTags(disk.tags, vmTags);
  if (!isInScope({ ...disk, tags }, policy)) return 'out-of-scope';
  const exclusion = exclusionOf(disk, vm, policy, nowMs);
  if (exclusion !== null) return exclusion.code;
  // Such a disk keeps its key in another place; the usual one shows a platform-managed key.
  if (disk.securityType?.startsWith('ConfidentialVM') || disk.secureVmSetId !== null) {
    return 'confidential-vm';
  }
  if (disk.encryptionType !== PLATFORM_KEY) {
    return isOn(disk, chooseDiskEncryptionSet(disk, vmTags, policy))
      ? 'already-converted'
      : 'other-customer-key';
  }
  // The default name of the group in which AKS keeps its nodes.
  if (/^MC_/i.test(parseArmId(disk.id)?.resourceGroup ?? '')) return 'managed-resource-group';
  if (isReplica(disk.id)) return 'site-recovery-replica';
  const owners = [...(disk.managedBy === null ? [] : [disk.managedBy]), ...disk.sharers];
  return owners.map((owner) => reasonByOwner(disk, owner)).find((each) => each !== null) ?? null;
}

function isOn({ diskEncryptionSetId }: Disk, choice: SetChoice): boolean {
  return choice.kind === 'chosen' && sameId(diskEncryptionSetId ?? '', choice.setId);
}

function ambiguous(disk: Disk, { setIds }: Extract<SetChoice, { kind: 'ambiguous' }>): Verdict {
  const message = `Rules of the policy fit equally well, for ${setIds.join(' and ')}.`;
  return verdict('blocked', 'ambiguous-set', message, disk.id);
}

function reasonByOwner(disk: Disk, owner: string): SkipReason | null {
  if (/\/virtualMachineScaleSets\//i.test(owner)) return 'scale-set-uniform';
  if (vmOf({ managedBy: owner }) === null) return 'owner-not-a-vm';
  return isKubernetesVolume(disk) ? 'kubernetes-volume' : null;
}

function isManaged(groupManagedBy: DiskFacts['groupManagedBy']): boolean {
  return groupManagedBy.status === 'read' && groupManagedBy.value !== null;
}

function isKubernetesVolume({ tags }: Disk): boolean {
  return tagValue(tags, 'kubernetes.io-created-for-pvc-name') !== null;
}

function isReplica(diskId: string): boolean {
  const name = nameOf(diskId).toLowerCase();
  return name.endsWith('-asrreplica') || name.startsWith('asrseeddisk-');
}
