import { ArmError } from '../arm/arm-error.ts';
import { sameId, withGroup } from '../arm/resource-id.ts';
import type { Call } from '../arm/route.ts';
import { type JsonObject, objectAt, textAt } from '../resources/json.ts';
import type { ResourceBody } from '../resources/resource.ts';
import { tagsIn } from '../resources/tags.ts';
import type { Disk, DiskEncryption } from './disk.ts';
import { PLATFORM_KEY } from './encryption-rules.ts';

export type DiskCall = Call<'subscription' | 'group' | 'disk'>;

/** What a GET shows and the 202 of a write does not. Source: recorded 202 bodies since 2022. */
const NOT_YET_KNOWN = new Set([
  'timeCreated',
  'diskState',
  'uniqueId',
  'diskSizeBytes',
  'diskIOPSReadWrite',
  'diskMBpsReadWrite',
  'LastOwnershipUpdateTime',
]);

/** The body of a GET by ID: the group stands as the caller wrote it. */
export function show(disk: Disk, { params }: DiskCall): ResourceBody {
  const body = disk.body();
  return { ...body, id: withGroup(body.id, params.group) };
}

/** A 202 repeats what was sent over what was there, in the caller's casing. */
export function acceptedBody(old: ResourceBody, { method, body }: DiskCall): object {
  const sent = objectAt(body, 'properties');
  const known = Object.entries(old.properties).filter(([name]) => !NOT_YET_KNOWN.has(name));
  const { type, diskEncryptionSetId } =
    'encryption' in sent ? encryptionIn(sent) : encryptionIn(old.properties);
  const sku = { ...old.sku, ...objectAt(body, 'sku') };
  return {
    ...old,
    ...(tagsIn(body) ? { tags: tagsIn(body) } : {}),
    sku: method === 'PUT' ? { name: sku.name } : sku,
    properties: {
      ...Object.fromEntries(known),
      ...sent,
      encryption: { type, ...(diskEncryptionSetId ? { diskEncryptionSetId } : {}) },
      provisioningState: 'Updating',
    },
  };
}

export function encryptionIn(properties: JsonObject): DiskEncryption {
  const asked = objectAt(properties, 'encryption');
  const diskEncryptionSetId = textAt(asked, 'diskEncryptionSetId');
  const type =
    textAt(asked, 'type') ??
    (diskEncryptionSetId ? 'EncryptionAtRestWithCustomerKey' : PLATFORM_KEY);
  return { type, ...(diskEncryptionSetId ? { diskEncryptionSetId } : {}) };
}

const CHANGEABLE = ['encryption', 'diskSizeGB', 'networkAccessPolicy', 'publicNetworkAccess'];

/** A PUT repeats the whole disk; a PATCH says what it wants changed, and that must be known. */
export function refuseUnknown({ method }: DiskCall, properties: JsonObject): void {
  const unknown = Object.keys(properties).filter((name) => !CHANGEABLE.includes(name));
  if (method !== 'PATCH' || unknown.length === 0) return;
  throw new ArmError(
    501,
    'NotSimulated',
    `The simulated Azure does not change ${unknown.join(', ')} of a disk.`,
  );
}

export function sameEncryption(a: DiskEncryption, b: DiskEncryption): boolean {
  return a.type === b.type && sameId(a.diskEncryptionSetId ?? '', b.diskEncryptionSetId ?? '');
}

export function applyRest(disk: Disk, body: unknown): void {
  disk.tags = tagsIn(body) ?? disk.tags;
  disk.sku = textAt(objectAt(body, 'sku'), 'name') ?? disk.sku;
  const { diskSizeGB, networkAccessPolicy, publicNetworkAccess } = objectAt(body, 'properties');
  if (typeof diskSizeGB === 'number') disk.sizeGB = diskSizeGB;
  disk.more = {
    ...disk.more,
    ...(networkAccessPolicy ? { networkAccessPolicy } : {}),
    ...(publicNetworkAccess ? { publicNetworkAccess } : {}),
  };
}
