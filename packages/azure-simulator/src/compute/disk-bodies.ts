import { ArmError } from '../arm/arm-error.ts';
import { sameId, upperGroup, withGroup } from '../arm/resource-id.ts';
import type { Call } from '../arm/route.ts';
import { knownAt } from '../arm/since.ts';
import { azureTime } from '../arm/time.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';
import type { ResourceBody } from '../resources/resource.ts';
import { tagsIn } from '../resources/tags.ts';
import { type Disk, isDirectDrive } from './disk.ts';
import { DISK_SINCE } from './disk-properties.ts';
import type { DiskEncryption } from './disk-spec.ts';
import { speedOf } from './disk-speed.ts';
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
  'completionPercent',
]);

/** The body of a GET by ID: the group stands as the caller wrote it. */
export function show(disk: Disk, { params, apiVersion }: DiskCall): ResourceBody {
  const body = bodyAt(disk, apiVersion);
  return { ...body, id: withGroup(body.id, params.group) };
}

/** As an api-version knows it. */
export function bodyAt(disk: Disk, apiVersion: string): ResourceBody {
  const body = disk.body();
  return { ...body, properties: knownAt(apiVersion, body.properties, DISK_SINCE) };
}

/** A 202 repeats what was sent over what was there, in the caller's casing. */
export function acceptedBody(old: ResourceBody, { method, body }: DiskCall): object {
  const sent = objectAt(body, 'properties');
  const { type, diskEncryptionSetId } =
    'encryption' in sent ? encryptionIn(sent) : encryptionIn(old.properties);
  const sku = { ...old.sku, ...objectAt(body, 'sku') };
  return {
    ...old,
    ...(tagsIn(body) ? { tags: tagsIn(body) } : {}),
    sku: method === 'PUT' ? { name: sku.name } : sku,
    properties: {
      ...knownBefore(old),
      ...sent,
      encryption: { type, ...(diskEncryptionSetId ? { diskEncryptionSetId } : {}) },
      provisioningState: 'Updating',
    },
  };
}

/** The 202 of a creation repeats the request and nothing more. Source: recorded. */
export function createdBody({ name, id, type }: ResourceBody, { body }: DiskCall): object {
  const { properties, ...sent } = isObject(body) ? body : {};
  return {
    name,
    id,
    type,
    ...sent,
    properties: { ...(isObject(properties) ? properties : {}), provisioningState: 'Updating' },
  };
}

/** What the 202 of an update repeats of the disk or snapshot as it was. */
export function knownBefore({ properties }: ResourceBody): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).filter(([name]) => !NOT_YET_KNOWN.has(name)),
  );
}

export function encryptionIn(properties: JsonObject): DiskEncryption {
  const asked = objectAt(properties, 'encryption');
  const diskEncryptionSetId = textAt(asked, 'diskEncryptionSetId');
  const type =
    textAt(asked, 'type') ??
    (diskEncryptionSetId ? 'EncryptionAtRestWithCustomerKey' : PLATFORM_KEY);
  return { type, ...(diskEncryptionSetId ? { diskEncryptionSetId } : {}) };
}

/** Properties that a disk keeps as they were sent. */
const KEPT = new Set([
  'hyperVGeneration',
  'purchasePlan',
  'supportsHibernation',
  'supportedCapabilities',
  'securityProfile',
  'encryptionSettingsCollection',
  'burstingEnabled',
  'maxShares',
  'diskAccessId',
  'networkAccessPolicy',
  'publicNetworkAccess',
  'dataAccessAuthMode',
  'optimizedForFrequentAttach',
  'tier',
  'diskIOPSReadWrite',
  'diskMBpsReadWrite',
  'diskIOPSReadOnly',
  'diskMBpsReadOnly',
]);

const CHANGEABLE = new Set(['encryption', 'diskSizeGB', 'osType', ...KEPT]);

/** What a PUT may repeat of a disk that was read. */
const READ_ONLY = new Set([
  ...NOT_YET_KNOWN,
  'creationData',
  'provisioningState',
  'shareInfo',
  'burstingEnabledTime',
]);

/** A PUT may repeat the whole disk; what else is said must be known. */
export function refuseUnknown({ method }: DiskCall, properties: JsonObject): void {
  const unknown = Object.keys(properties).filter(
    (name) => !CHANGEABLE.has(name) && !(method === 'PUT' && READ_ONLY.has(name)),
  );
  if (unknown.length === 0) return;
  throw new ArmError(
    501,
    'NotSimulated',
    `The simulated Azure does not know ${unknown.join(', ')} of a disk.`,
  );
}

export function sameEncryption(a: DiskEncryption, b: DiskEncryption): boolean {
  return a.type === b.type && sameId(a.diskEncryptionSetId ?? '', b.diskEncryptionSetId ?? '');
}

export function applyRest(disk: Disk, body: unknown): void {
  disk.tags = tagsIn(body) ?? disk.tags;
  disk.sku = textAt(objectAt(body, 'sku'), 'name') ?? disk.sku;
  const properties = objectAt(body, 'properties');
  const before = speedOf(disk.sku, disk.sizeGB).tier;
  const { diskSizeGB } = properties;
  if (typeof diskSizeGB === 'number') disk.sizeGB = diskSizeGB;
  const { tier, burstingEnabledTime, ...more } = kept(properties, disk.sku);
  disk.more = {
    ...disk.more,
    ...more,
    // A PUT sends back what was read: the tier that follows from the size is no wish.
    ...(tier && tier !== before ? { tier } : {}),
    ...(burstingEnabledTime && !disk.more['burstingEnabled'] ? { burstingEnabledTime } : {}),
  };
}

/** What is kept of a request. Only Ultra and Premium SSD v2 take wishes for their speed. */
export function kept(properties: JsonObject, sku: string): JsonObject {
  const fastAsAsked = isDirectDrive(sku);
  const sent = Object.entries(properties).filter(
    ([name, value]) =>
      KEPT.has(name) &&
      value !== null &&
      value !== undefined &&
      (fastAsAsked || !/^disk(IOPS|MBps)/.test(name)),
  );
  const { diskAccessId, burstingEnabled } = properties;
  return {
    ...Object.fromEntries(sent),
    // Its group in capitals, as for encryption sets. Source: a recorded disk of 2025.
    ...(typeof diskAccessId === 'string' ? { diskAccessId: upperGroup(diskAccessId) } : {}),
    ...(burstingEnabled === true ? { burstingEnabledTime: azureTime(Date.now()) } : {}),
  };
}
