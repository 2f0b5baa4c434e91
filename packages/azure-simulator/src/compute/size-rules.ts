import { ArmError } from '../arm/arm-error.ts';
import type { JsonObject } from '../resources/json.ts';
import { type Disk, isDirectDrive } from './disk.ts';

/** Source: "Azure managed disk types"; Ultra and Premium SSD v2 go twice as far. */
const MAX_GB = 32_767;
const MAX_DIRECT_DRIVE_GB = 65_536;

/**
 * Refuses a size that no disk can have.
 *
 * Source: the text is recorded of a data disk's `lun`; for sizes it is assumed to be the same.
 *
 * @throws ArmError 400
 */
export function refuseImpossibleSize(sku: string, { diskSizeGB }: JsonObject): void {
  if (typeof diskSizeGB !== 'number') return;
  const max = isDirectDrive(sku) ? MAX_DIRECT_DRIVE_GB : MAX_GB;
  if (diskSizeGB >= 1 && diskSizeGB <= max) return;
  throw new ArmError(
    400,
    'InvalidParameter',
    `The value '${diskSizeGB}' of parameter 'disk.diskSizeGB' is out of range. Value '${diskSizeGB}' must be between '1' and '${max}' inclusive.`,
    { target: 'disk.diskSizeGB' },
  );
}

/**
 * The system disk of a running machine keeps its size; data disks grow online.
 *
 * Source: "Expand virtual hard disks"; code and text from public reports.
 *
 * @throws ArmError 409
 */
export function refuseResizeInUse(disk: Disk, { diskSizeGB }: JsonObject): void {
  if (typeof diskSizeGB !== 'number' || diskSizeGB === disk.sizeGB) return;
  if (disk.diskState !== 'Attached' || !disk.spec.osType) return;
  throw new ArmError(
    409,
    'OperationNotAllowed',
    `Cannot resize disk ${disk.name} while it is attached to running VM ${disk.managedBy ?? ''}. Resizing a disk of an Azure Virtual Machine requires the virtual machine to be deallocated. Please stop your VM and retry the operation.`,
    { innererror: { internalErrorCode: 'ChangeDiskSizeWhileAttachedNotAllowed' } },
  );
}

/**
 * A disk never shrinks; Azure finds that out while the operation runs.
 *
 * Source: the error of a recorded operation.
 *
 * @throws ArmError to end the operation as failed.
 */
export function refuseShrinking({ sizeGB }: Disk, { diskSizeGB }: JsonObject): void {
  if (typeof diskSizeGB !== 'number' || diskSizeGB >= sizeGB) return;
  throw new ArmError(400, 'InvalidParameter', 'Disks or snapshot cannot be resized down.', {
    target: 'disk.diskSizeGB',
  });
}
