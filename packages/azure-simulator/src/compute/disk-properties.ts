import type { Since } from '../arm/since.ts';
import { azureTime } from '../arm/time.ts';
import type { JsonObject } from '../resources/json.ts';
import { type BackgroundCopy, percentOf } from './background-copy.ts';
import type { DiskEncryption, DiskSpec, DiskStateName } from './disk-spec.ts';
import { speedOf } from './disk-speed.ts';
import { imageOfDisk } from './image.ts';

/** What shows of a disk. */
interface ShownDisk {
  readonly spec: DiskSpec;
  readonly sku: string;
  readonly sizeGB: number;
  readonly encryption: DiskEncryption;
  readonly more: JsonObject;
  /** IDs of the machines that share it. */
  readonly sharers: readonly string[];
  readonly provisioningState: string;
  readonly diskState: DiskStateName;
  readonly ownershipUpdatedAt: number | null;
  readonly copy: BackgroundCopy | null;
}

/** The order in which Azure answers, whatever the caller's was. Source: recorded bodies. */
const ORDER = [
  'osType',
  'hyperVGeneration',
  'purchasePlan',
  'supportsHibernation',
  'supportedCapabilities',
  'creationData',
  'diskSizeGB',
  'diskIOPSReadWrite',
  'diskMBpsReadWrite',
  'diskIOPSReadOnly',
  'diskMBpsReadOnly',
  'encryptionSettingsCollection',
  'encryption',
  'burstingEnabled',
  'maxShares',
  'shareInfo',
  'diskAccessId',
  'networkAccessPolicy',
  'securityProfile',
  'publicNetworkAccess',
  'dataAccessAuthMode',
  'optimizedForFrequentAttach',
  'timeCreated',
  'burstingEnabledTime',
  'provisioningState',
  'diskState',
  'LastOwnershipUpdateTime',
  'diskSizeBytes',
  'uniqueId',
  'tier',
  'completionPercent',
];

/** The first api-version that shows a property, as far as recordings of older ones tell. */
export const DISK_SINCE: Since = {
  hyperVGeneration: '2018-09-30',
  diskIOPSReadWrite: '2018-09-30',
  diskMBpsReadWrite: '2018-09-30',
  diskSizeBytes: '2018-09-30',
  uniqueId: '2018-09-30',
  encryption: '2019-07-01',
  maxShares: '2019-07-01',
  networkAccessPolicy: '2020-05-01',
  tier: '2020-06-30',
  securityProfile: '2020-09-30',
  supportsHibernation: '2020-12-01',
  supportedCapabilities: '2021-04-01',
  publicNetworkAccess: '2021-04-01',
  LastOwnershipUpdateTime: '2023-04-02',
};

/** What follows from the image: a system disk of today's second generation. */
const SECOND_GENERATION = {
  hyperVGeneration: 'V2',
  supportsHibernation: true,
  supportedCapabilities: {
    diskControllerTypes: 'SCSI, NVMe',
    acceleratedNetwork: true,
    architecture: 'x64',
  },
};

const FIRST_GENERATION = {
  ...SECOND_GENERATION,
  hyperVGeneration: 'V1',
  supportedCapabilities: {
    ...SECOND_GENERATION.supportedCapabilities,
    diskControllerTypes: 'SCSI',
  },
};

function ofImage({ spec, more }: ShownDisk): JsonObject {
  const image = imageOfDisk({ ...more, creationData: spec.creationData });
  return image?.generation === 'V1' ? FIRST_GENERATION : SECOND_GENERATION;
}

/** What was wished of the disk; a tier is one of Premium disks only. Source: recorded bodies. */
function ofKind({ more, sku, sizeGB }: ShownDisk): JsonObject {
  const { tier, ...rest } = more;
  return tier && speedOf(sku, sizeGB).tier ? { ...rest, tier } : rest;
}

/** The properties of a disk as the newest api-version shows them. */
export function diskProperties(disk: ShownDisk): JsonObject {
  const { osType, creationData, uniqueId, createdAt } = disk.spec;
  const all: JsonObject = {
    ...(osType ? { osType } : {}),
    ...(creationData['createOption'] === 'FromImage' ? ofImage(disk) : {}),
    creationData,
    ...sizes(disk),
    encryption: disk.encryption,
    networkAccessPolicy: 'AllowAll',
    publicNetworkAccess: 'Enabled',
    ...ofKind(disk),
    ...(disk.sharers.length > 0 ? { shareInfo: disk.sharers.map((vmUri) => ({ vmUri })) } : {}),
    timeCreated: azureTime(createdAt),
    provisioningState: disk.provisioningState,
    diskState: disk.diskState,
    ...(disk.ownershipUpdatedAt === null
      ? {}
      : { LastOwnershipUpdateTime: azureTime(disk.ownershipUpdatedAt) }),
    uniqueId,
    ...(disk.copy ? { completionPercent: percentOf(disk.copy) } : {}),
  };
  return Object.fromEntries(
    ORDER.filter((name) => all[name] !== undefined).map((name) => [name, all[name]]),
  );
}

/** A disk that waits for its upload does not say its size. */
function sizes({ sku, sizeGB, diskState }: ShownDisk): JsonObject {
  const { iops, mbps, tier } = speedOf(sku, sizeGB);
  const unknown = diskState === 'ReadyToUpload' || diskState === 'ActiveUpload';
  const isUltra = sku === 'UltraSSD_LRS';
  return {
    ...(unknown ? {} : { diskSizeGB: sizeGB, diskSizeBytes: sizeGB * 2 ** 30 }),
    diskIOPSReadWrite: iops,
    diskMBpsReadWrite: mbps,
    ...(isUltra ? { diskIOPSReadOnly: iops, diskMBpsReadOnly: mbps, maxShares: 1 } : {}),
    ...(tier && !unknown ? { tier } : {}),
  };
}
