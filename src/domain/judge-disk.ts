import { nameOf, parseArmId, sameId } from './arm-id.ts';
import { chooseDiskEncryptionSet, type SetChoice } from './choose-disk-encryption-set.ts';
import type { ConversionPolicy } from './conversion-policy.ts';
import { vmOf } from './conversion-target.ts';
import { type Disk, PLATFORM_KEY } from './disk.ts';
import type { DiskEncryptionSet } from './disk-encryption-set.ts';
import { exclusionOf, type StandingExclusion } from './exclusion-of.ts';
import { exemptionOf } from './exemption-of.ts';
import { isInScope } from './is-in-scope.ts';
import { judgeDiskEncryptionSet, judgeFit } from './judge-disk-encryption-set.ts';
import { judgeKey } from './judge-key.ts';
import type { Key } from './key.ts';
import type { Reading } from './reading.ts';
import { joinedTags, type Tags, tagValue } from './tags.ts';
import { forbidsDeallocation, type Verdict } from './verdict.ts';

/** The VM that holds a disk, as far as the policy looks at it; null when none does. */
export type Holder = { readonly id: string; readonly tags: Tags } | null;

/** What was read about one disk. */
export interface DiskFacts {
  readonly disk: Disk;
  readonly vm: Holder;
  /** ARM ID of who manages its resource group (AKS, Databricks …), or null. */
  readonly groupManagedBy: Reading<string | null>;
  /** The disk encryption set that the policy chooses; null when it chooses none, or not one. */
  readonly set: { readonly id: string; readonly reading: Reading<DiskEncryptionSet | null> } | null;
  readonly key: { readonly url: string; readonly reading: Reading<Key | null> } | null;
  /** ARM IDs of the incremental snapshots of this very disk. */
  readonly incrementalSnapshots: Reading<readonly string[]>;
  /** ARM IDs of the restore points that its VM has; null when no VM holds it now. */
  readonly restorePoints: Reading<readonly string[]> | null;
}

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
  | 'confidential-vm';

export type DiskJudgement =
  | { readonly kind: 'skip'; readonly diskId: string; readonly reason: SkipReason }
  | { readonly kind: 'blocked'; readonly diskId: string; readonly verdicts: readonly Verdict[] }
  | {
      readonly kind: 'convert';
      readonly diskId: string;
      readonly diskEncryptionSetId: string;
      /** What the disk's `encryption.type` becomes: the set's own type. */
      readonly encryptionType: string;
      /** What Azure has no read for; its refusal is the final answer. */
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
  const reason = reasonToSkip(disk, vm, policy, nowMs);
  if (reason !== null) return skip(reason);
  if (isManaged(facts.groupManagedBy)) return skip('managed-resource-group');
  const choice = chooseDiskEncryptionSet(disk, vm?.tags ?? {}, policy);
  if (choice.kind === 'ambiguous') {
    return { kind: 'blocked', diskId: disk.id, verdicts: [ambiguous(disk, choice)] };
  }
  if (choice.kind === 'none' || set === null) return skip('region-not-covered');

  const verdicts = [
    ...judgeState(facts),
    ...judgeDiskEncryptionSet(set.id, set.reading),
    ...(set.reading.status === 'read' && set.reading.value
      ? judgeFit(disk, set.reading.value, choice.rule.encryptionType)
      : []),
    ...(facts.key
      ? [judgeKey(facts.key.url, facts.key.reading, nowMs, policy.keyExpiryMarginDays)]
      : []),
  ];
  const standing = verdicts
    .filter(forbidsDeallocation)
    .filter(({ code }) => exemptionOf(code, disk, vm, policy, nowMs) === null);
  if (standing.length > 0 || set.reading.status !== 'read' || set.reading.value === null) {
    return { kind: 'blocked', diskId: disk.id, verdicts: standing };
  }
  return {
    kind: 'convert',
    diskId: disk.id,
    diskEncryptionSetId: set.reading.value.id,
    encryptionType: set.reading.value.encryptionType,
    undecidable: verdicts.filter(({ answer }) => answer === 'undecidable'),
  };
}

/**
 * Why a disk is left alone, as far as the disk itself tells; null when more must be read.
 *
 * Source: the restrictions of each service, facts A.8.
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
  if (disk.securityType?.startsWith('ConfidentialVM')) return 'confidential-vm';
  if (disk.encryptionType !== PLATFORM_KEY) {
    return isOn(disk, chooseDiskEncryptionSet(disk, vmTags, policy))
      ? 'already-converted'
      : 'other-customer-key';
  }
  // The default name of the group in which AKS keeps its nodes.
  if (/^MC_/i.test(parseArmId(disk.id)?.resourceGroup ?? '')) return 'managed-resource-group';
  if (isReplica(disk.id)) return 'site-recovery-replica';
  return disk.managedBy === null ? null : reasonByOwner(disk, disk.managedBy);
}

function isOn({ diskEncryptionSetId }: Disk, choice: SetChoice): boolean {
  return choice.kind === 'chosen' && sameId(diskEncryptionSetId ?? '', choice.setId);
}

function ambiguous(disk: Disk, { setIds }: Extract<SetChoice, { kind: 'ambiguous' }>): Verdict {
  const message = `Rules of the policy fit equally well, for ${setIds.join(' and ')}; make one more specific.`;
  return { answer: 'blocked', code: 'ambiguous-set', message, target: disk.id };
}

function reasonByOwner(disk: Disk, owner: string): SkipReason | null {
  if (/\/virtualMachineScaleSets\//i.test(owner)) return 'scale-set-uniform';
  if (vmOf(disk) === null) return 'owner-not-a-vm';
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

const STATES_THAT_BLOCK: Readonly<Record<string, readonly [code: string, message: string]>> = {
  ActiveSAS: ['active-sas', 'The disk is being exported; revoke its SAS or wait.'],
  ActiveSASFrozen: ['active-sas', 'The disk is being exported; revoke its SAS or wait.'],
  ReadyToUpload: ['upload-unfinished', 'An upload to the disk has not begun; finish it.'],
  ActiveUpload: ['upload-unfinished', 'An upload to the disk is under way; finish it.'],
  Frozen: ['hibernated', 'The VM of the disk is hibernated; start it first.'],
};

/**
 * Checks of the disk's own state and history.
 *
 * Source: restrictions of customer-managed keys for managed disks; "has incremental snapshots" is
 * the refusal that users report most (facts A.4).
 */
function judgeState(facts: DiskFacts): readonly Verdict[] {
  const { disk, incrementalSnapshots, restorePoints, groupManagedBy } = facts;
  const verdict = (answer: Verdict['answer'], code: string, message: string): Verdict => ({
    answer,
    code,
    message,
    target: disk.id,
  });
  const verdicts: Verdict[] = [];

  const state = Object.hasOwn(STATES_THAT_BLOCK, disk.diskState)
    ? STATES_THAT_BLOCK[disk.diskState]
    : undefined;
  if (state) verdicts.push(verdict('blocked', ...state));

  if (disk.maxShares > 1 && disk.diskState === 'Attached') {
    const sharers = disk.sharers.map(nameOf).join(', ');
    const message = `The disk is shared; deallocate all its VMs at once: ${sharers}.`;
    verdicts.push(verdict('blocked', 'shared-disk', message));
  }
  if (disk.completionPercent !== null && disk.completionPercent < 100) {
    const message = `The disk is still being copied: ${disk.completionPercent} %.`;
    verdicts.push(verdict('blocked', 'hydrating', message));
  }
  verdicts.push(
    disk.hasDiskEncryptionSettings
      ? verdict('blocked', 'disk-encryption', 'Azure Disk Encryption is or was on this disk.')
      : verdict(
          'undecidable',
          'disk-encryption-history',
          'Whether Azure Disk Encryption was ever on this disk shows only when Azure refuses it.',
        ),
    listed('incremental-snapshots', incrementalSnapshots, 'incremental snapshots'),
    restorePoints === null
      ? verdict(
          'undecidable',
          'restore-points-history',
          'Whether restore points of a former VM hold the disk shows only when Azure refuses it.',
        )
      : listed('restore-points', restorePoints, 'restore points'),
  );
  if (groupManagedBy.status === 'unreadable') {
    const message = `Its resource group could not be read: ${groupManagedBy.message}`;
    verdicts.push(verdict('unreadable', 'resource-group-unreadable', message));
  }
  return verdicts;

  function listed(code: string, reading: Reading<readonly string[]>, what: string): Verdict {
    if (reading.status === 'unreadable') {
      const message = `Its ${what} could not be listed: ${reading.message}`;
      return verdict('unreadable', `${code}-unreadable`, message);
    }
    if (reading.value.length === 0) return verdict('pass', code, `The disk has no ${what}.`);
    const names = reading.value.slice(0, 5).map(nameOf).join(', ');
    const message = `The disk has ${reading.value.length} ${what} (${names}); remove them first.`;
    return verdict('blocked', code, message);
  }
}
