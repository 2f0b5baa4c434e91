import { ArmError } from '../arm/arm-error.ts';
import { parseResourceId, sameId } from '../arm/resource-id.ts';
import type { KeyStore } from '../keyvault/key-store.ts';
import type { Collection } from '../resources/inventory.ts';
import { percentOf } from './background-copy.ts';
import type { Disk } from './disk.ts';
import type { DiskEncryption } from './disk-spec.ts';
import type { EncryptionSet } from './encryption-set.ts';

export const PLATFORM_KEY = 'EncryptionAtRestWithPlatformKey';
const DOUBLE = 'EncryptionAtRestWithPlatformAndCustomerKeys';

/** What keeps points in time of a disk: incremental snapshots and restore points. */
export interface PointsInTime {
  hasIncrementalSnapshot(disk: Disk): boolean;
  hasRestorePoint(disk: Disk): boolean;
  /** A snapshot that is still being copied. */
  hasUnfinishedSnapshot(disk: Disk): boolean;
}

interface Surroundings {
  readonly sets: Collection<EncryptionSet>;
  readonly keys: KeyStore;
  readonly points: PointsInTime;
}

/**
 * Refuses what Azure refuses about the encryption of an existing disk.
 *
 * Source: "Server-side encryption of Azure Disk Storage", Restrictions; texts from public reports,
 * statuses partly assumed.
 *
 * @throws ArmError
 */
export function checkEncryptionChange(
  disk: Disk,
  wanted: DiskEncryption,
  around: Surroundings,
): void {
  refuseByState(disk);
  refuseDuringCopy(disk, around.points);
  refuseByHistory(disk, around.points);
  const { type, diskEncryptionSetId } = wanted;
  if (type === PLATFORM_KEY) {
    if (!diskEncryptionSetId) return;
    throw new ArmError(
      400,
      'InvalidParameter',
      `Resource ${disk.name} encrypted with platform key has disk encryption set id specified.`,
      { target: 'disk.encryption.diskEncryptionSetId' },
    );
  }
  if (!diskEncryptionSetId) {
    throw new ArmError(
      400,
      'InvalidParameter',
      `Resource ${disk.name} encrypted with customer key does not have disk encryption set id specified.`,
      { target: 'disk.encryption.diskEncryptionSetId' },
    );
  }
  const set = requireSet(diskEncryptionSetId, around.sets);
  checkSet(disk, type, set);
  checkVaultRegion(disk, set, around.keys);
}

function refuseByState(disk: Disk): void {
  const { diskState } = disk;
  if (diskState === 'Unattached' || diskState === 'Reserved') return;
  if (diskState === 'Attached') {
    throw new ArmError(
      409,
      'OperationNotAllowed',
      `Cannot change encryption setting of disk ${disk.name} while it is attached to running VM ${disk.managedBy ?? disk.owners[0]?.id ?? ''}.`,
    );
  }
  throw new ArmError(
    409,
    'PropertyChangeNotAllowed',
    `Changing property 'encryption' is not allowed while disk ${disk.name} is in state ${diskState}.`,
    { target: 'encryption' },
  );
}

/** Source: "Create an incremental snapshot", Restrictions; code and text assumed. */
function refuseDuringCopy(disk: Disk, points: PointsInTime): void {
  const percent = percentOf(disk.copy);
  const copied =
    percent < 100
      ? `it is being hydrated (${percent}% complete)`
      : points.hasUnfinishedSnapshot(disk) && 'a snapshot of it is being copied in the background';
  if (!copied) return;
  throw new ArmError(
    409,
    'OperationNotAllowed',
    `Cannot update encryption properties for disk ${disk.name} while ${copied}.`,
  );
}

function refuseByHistory(disk: Disk, points: PointsInTime): void {
  if (disk.spec.previouslyAde || disk.more['encryptionSettingsCollection']) {
    throw new ArmError(
      409,
      'OperationNotAllowed',
      `Disk '${disk.name}' was previously encrypted with Azure Disk Encryption. Server side encryption with customer managed key is not supported.`,
    );
  }
  const kept = points.hasIncrementalSnapshot(disk)
    ? 'incremental snapshots'
    : points.hasRestorePoint(disk) && 'restore points';
  if (!kept) return;
  throw new ArmError(
    409,
    'OperationNotAllowed',
    `Cannot update encryption properties for disk ${disk.name} because it already has ${kept}.`,
  );
}

export function requireSet(id: string, sets: Collection<EncryptionSet>): EncryptionSet {
  const set = sets.find(id);
  if (set) return set;
  const parsed = parseResourceId(id);
  throw new ArmError(404, 'NotFound', `DiskEncryptionSet '${parsed?.name ?? id}' was not found.`);
}

function checkSet(disk: Disk, type: string, set: EncryptionSet): void {
  const subscription = parseResourceId(disk.id)?.subscription ?? '';
  if (
    !sameId(set.location, disk.location) ||
    !sameId(subscription, parseResourceId(set.id)?.subscription ?? '')
  ) {
    throw new ArmError(
      400,
      'InvalidParameter',
      `Disk encryption set ${set.id} must be in the same subscription and region '${disk.location}' as disk ${disk.name}.`,
      { target: 'disk.encryption.diskEncryptionSetId' },
    );
  }
  if (type !== set.spec.encryptionType) {
    throw new ArmError(
      400,
      'InvalidParameter',
      `Encryption type ${type} of disk ${disk.name} does not match encryption type ${set.spec.encryptionType} of disk encryption set ${set.name}.`,
      { target: 'disk.encryption.type' },
    );
  }
  if (disk.isDirectDrive) refuseDirectDrive(disk, set);
}

/** Source: a recorded answer of 2022. */
function checkVaultRegion(disk: Disk, set: EncryptionSet, keys: KeyStore): void {
  const vault = keys.find(set.activeKey.keyUrl)?.vault;
  if (!vault || sameId(vault.region, disk.location)) return;
  throw new ArmError(
    409,
    'KeyVaultAndDiskInDifferentRegions',
    `The key vault '${vault.name}' is located in region '${vault.region}'. Key vault must be located in the same region '${disk.location}' as the disk and disk encryption set.`,
  );
}

/** Premium SSD v2 and Ultra share limits of their own. */
function refuseDirectDrive(disk: Disk, set: EncryptionSet): void {
  if (set.spec.encryptionType === DOUBLE) {
    throw new ArmError(
      400,
      'InvalidParameter',
      `Double encryption is not supported for disks with sku ${disk.sku}.`,
      { target: 'disk.encryption.type' },
    );
  }
  if (!set.usesUserAssignedIdentity) return;
  throw new ArmError(
    409,
    'OperationNotAllowed',
    `Disk encryption set with user assigned identity is not supported for disks with sku ${disk.sku}.`,
    { innererror: { internalErrorCode: 'DirectDriveDiskNotSupportUserAssignedIdentityDes' } },
  );
}
