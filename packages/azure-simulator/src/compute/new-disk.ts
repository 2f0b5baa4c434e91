import { ArmError } from '../arm/arm-error.ts';
import { sameId } from '../arm/resource-id.ts';
import type { Random } from '../random.ts';
import type { Collection } from '../resources/inventory.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';
import { tagsIn } from '../resources/tags.ts';
import { Disk } from './disk.ts';
import { type DiskCall, kept } from './disk-bodies.ts';
import type { DiskEncryption } from './disk-spec.ts';
import { imageOfDisk } from './image.ts';
import { refuseUnfinished, type Snapshot } from './snapshot.ts';

const ORIGINS = new Set(['Empty', 'Copy', 'FromImage', 'Upload']);

interface Making {
  readonly disks: Collection<Disk>;
  readonly snapshots: Collection<Snapshot>;
  readonly random: Random;
  readonly location: string;
  readonly sku: string;
  readonly encryption: DiskEncryption;
}

/**
 * The disk that a PUT asks for: empty, copied, from an image, or to be uploaded.
 *
 * @throws ArmError 404 for a source that is not there.
 */
export function newDisk({ params, body }: DiskCall, making: Making): Disk {
  const { disks, random, sku, location, encryption } = making;
  const properties = objectAt(body, 'properties');
  const asked = objectAt(properties, 'creationData');
  refuseUnknownOrigin(asked);
  const image = imageOfDisk(properties);
  const source = sourceOf(asked, making);
  const osType = textAt(properties, 'osType') ?? source?.osType ?? image?.osType;
  const zones = zonesIn(body);
  const uploads = asked['createOption'] === 'Upload';
  const uploadGB = Math.floor(Number(asked['uploadSizeBytes'] ?? 0) / 2 ** 30);
  return new Disk(
    {
      id: disks.idOf(params, params.disk),
      name: params.disk,
      location,
      ...(zones ? { zones } : {}),
      sku,
      sizeGB: Number(
        properties['diskSizeGB'] ?? source?.sizeGB ?? image?.sizeGB ?? (uploadGB || 32),
      ),
      ...(osType === 'Linux' || osType === 'Windows' ? { osType } : {}),
      encryption,
      uniqueId: random.guid(),
      createdAt: Date.now(),
      creationData: {
        ...asked,
        ...(source ? { sourceUniqueId: source.uniqueId } : {}),
        ...(sku === 'UltraSSD_LRS' ? { logicalSectorSize: 4096 } : {}),
      },
      more: kept(properties, sku),
      ...(uploads ? { fixedState: 'ReadyToUpload' } : {}),
    },
    // Azure shows no tags as `{}` where an empty object was sent.
    tagsIn(body),
  );
}

interface Source {
  readonly sizeGB: number;
  readonly uniqueId: string;
  readonly osType?: string | undefined;
}

/** @throws ArmError 501 for what a disk can be made from in Azure and not here. */
function refuseUnknownOrigin(asked: JsonObject): void {
  const option = textAt(asked, 'createOption');
  const known = option !== undefined && ORIGINS.has(option);
  if (known && !isObject(asked['galleryImageReference'])) return;
  throw new ArmError(
    501,
    'NotSimulated',
    `The simulated Azure makes no disk by createOption ${option}${known ? ' of a gallery' : ''}.`,
  );
}

/** A source in another region is not found. Source: recorded of a snapshot; of disks assumed. */
function sourceOf(asked: JsonObject, { disks, snapshots, location }: Making): Source | null {
  const id = textAt(asked, 'sourceResourceId');
  if (asked['createOption'] !== 'Copy' || !id) return null;
  const disk = disks.find(id);
  if (disk && sameId(disk.location, location)) return { ...disk.spec, sizeGB: disk.sizeGB };
  const snapshot = snapshots.find(id);
  if (snapshot && sameId(snapshot.location, location)) {
    refuseUnfinished(snapshot);
    return snapshot.spec;
  }
  throw new ArmError(404, 'NotFound', `Resource ${id.split('/').at(-1)} is not found.`);
}

/**
 * Whether a disk is filled only after it was made: the newer kinds, from an incremental snapshot.
 *
 * Source: "Create an incremental snapshot", Premium SSD v2 and Ultra disks.
 */
export function hydrates({ spec, isDirectDrive }: Disk, snapshots: Collection<Snapshot>): boolean {
  const source = textAt(spec.creationData, 'sourceResourceId') ?? '';
  return isDirectDrive && snapshots.find(source)?.spec.incremental === true;
}

export function zonesIn(body: unknown): readonly string[] | null {
  const zones = typeof body === 'object' && body !== null && 'zones' in body ? body.zones : null;
  return Array.isArray(zones) && zones.length > 0 ? zones.map(String) : null;
}
