import { parseArmId } from '../azure/arm-id.ts';
import type { Disk } from '../azure/disk.ts';
import type { DiskEncryptionSet } from '../azure/disk-encryption-set.ts';
import { DOUBLE_ENCRYPTION, isHighEnd } from '../azure/double-encryption.ts';
import type { Reading } from '../azure/reading.ts';
import type { CheckCode } from './checks.ts';
import { type Verdict, verdict } from './verdict.ts';

const CONFIDENTIAL = 'ConfidentialVmEncryptedWithCustomerKey';

/** Judges the disk encryption set itself: there, ready, with a key. */
export function judgeDiskEncryptionSet(
  id: string,
  reading: Reading<DiskEncryptionSet | null>,
): readonly Verdict[] {
  if (reading.status === 'unreadable') {
    const message = `The disk encryption set could not be read: ${reading.message}`;
    return [verdict('unreadable', 'set-unreadable', message, id)];
  }
  const blocked = (code: CheckCode, message: string) => verdict('blocked', code, message, id);
  const set = reading.value;
  if (set === null) return [blocked('set-missing', 'There is no such disk encryption set.')];
  const verdicts: Verdict[] = [];
  if (set.provisioningState !== 'Succeeded') {
    const message = `The disk encryption set is ${set.provisioningState}, not Succeeded.`;
    verdicts.push(blocked('set-not-ready', message));
  }
  if (set.autoKeyRotationError !== null) {
    const { code, message } = set.autoKeyRotationError;
    const failed = `Its automatic rotation failed: ${code} ${message}`;
    verdicts.push(blocked('set-rotation-failed', failed));
  }
  if (set.keyUrl === null) {
    verdicts.push(blocked('set-without-key', 'The disk encryption set has no key.'));
  }
  if (set.encryptionType === CONFIDENTIAL) {
    const message =
      'The disk encryption set is for confidential VMs, whose disks get it when made.';
    verdicts.push(blocked('set-for-confidential-vms', message));
  }
  return verdicts.length > 0 ? verdicts : [verdict('pass', 'set', 'The set is ready.', id)];
}

/**
 * Judges whether a disk and a disk encryption set fit each other.
 *
 * Source: "Restrictions" of customer-managed keys for managed disks (same region and subscription;
 * no double encryption for Premium SSD v2 and Ultra; user-assigned identities there in preview).
 *
 * @param wantedType what the policy says that the set's type is, or null.
 */
export function judgeFit(
  disk: Disk,
  set: DiskEncryptionSet,
  wantedType: string | null,
): readonly Verdict[] {
  const blocked = (code: CheckCode, message: string) => verdict('blocked', code, message, disk.id);
  const verdicts: Verdict[] = [];
  if (disk.region.toLowerCase() !== set.region.toLowerCase()) {
    const message = `The disk is in ${disk.region}, its disk encryption set in ${set.region}.`;
    verdicts.push(blocked('region-mismatch', message));
  }
  const [ofDisk, ofSet] = [disk.id, set.id].map((id) => parseArmId(id)?.subscriptionId);
  if (ofDisk?.toLowerCase() !== ofSet?.toLowerCase()) {
    const message = 'The disk and its disk encryption set are in different subscriptions.';
    verdicts.push(blocked('subscription-mismatch', message));
  }
  if (wantedType !== null && set.encryptionType !== wantedType) {
    const message = `The policy wants ${wantedType}, the disk encryption set is ${set.encryptionType}.`;
    verdicts.push(blocked('set-type-mismatch', message));
  }
  if (isHighEnd(disk)) {
    if (set.encryptionType === DOUBLE_ENCRYPTION) {
      const message = `${disk.sku} does not support double encryption.`;
      verdicts.push(blocked('double-encryption-unsupported', message));
    }
    if (set.identityType === 'UserAssigned') {
      const message = `${disk.sku} needs a disk encryption set with a system-assigned identity.`;
      verdicts.push(blocked('user-assigned-identity-unsupported', message));
    }
  }
  return verdicts;
}
