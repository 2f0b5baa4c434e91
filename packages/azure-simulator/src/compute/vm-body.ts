import { sameId } from '../arm/resource-id.ts';
import { knownAt, type Since } from '../arm/since.ts';
import { azureTime } from '../arm/time.ts';
import { isObject, type JsonObject, objectAt } from '../resources/json.ts';
import type { ResourceBody } from '../resources/resource.ts';
import type { Disk } from './disk.ts';
import { placementProperties } from './vm-placement.ts';
import type { DiskSettings, PowerState, VmExtension, VmSpec } from './vm-spec.ts';

/** What shows of a machine. */
interface ShownVm {
  readonly id: string;
  readonly name: string;
  readonly spec: VmSpec;
  readonly size: string;
  readonly placementGroupId: string | undefined;
  readonly power: PowerState;
  readonly provisioningState: string;
  readonly etag: number;
  readonly osDisk: Disk | null;
  readonly dataDisks: readonly Disk[];
  settingsOf(disk: Disk): DiskSettings;
}

/** The first api-version that shows a property, as far as recordings of older ones tell. */
const SINCE: Since = {
  timeCreated: '2021-11-01',
  etag: '2024-07-01',
  deleteOption: '2021-03-01',
  assessmentMode: '2020-12-01',
};

/** A virtual machine as the newest api-version shows it. Source: recorded bodies 2020–2025. */
export function vmBody(vm: ShownVm, head: Omit<ResourceBody, 'properties'>): ResourceBody {
  const { spec, osDisk } = vm;
  const { extensions = [] } = spec;
  return {
    ...head,
    ...(spec.zones ? { zones: spec.zones } : {}),
    properties: {
      hardwareProfile: { vmSize: vm.size },
      provisioningState: vm.provisioningState,
      vmId: spec.vmId,
      ...(spec.availabilitySetId ? { availabilitySet: { id: spec.availabilitySetId } } : {}),
      ...(spec.scaleSetId ? { virtualMachineScaleSet: { id: spec.scaleSetId } } : {}),
      ...(vm.placementGroupId ? { proximityPlacementGroup: { id: vm.placementGroupId } } : {}),
      ...placementProperties(spec.placement),
      ...(spec.hibernationEnabled ? { additionalCapabilities: { hibernationEnabled: true } } : {}),
      storageProfile: {
        ...madeFrom(spec),
        osDisk: osDisk ? attached(vm, osDisk, null) : ephemeralDisk(spec),
        dataDisks: vm.dataDisks.map((disk) => attached(vm, disk, vm.settingsOf(disk).lun)),
        ...(spec.securityType ? { diskControllerType: 'SCSI' } : {}),
      },
      ...(spec.asSent ?? {
        osProfile: osProfile(vm.name, spec.os),
        networkProfile: { networkInterfaces: [{ id: networkInterfaceOf(vm.id) }] },
      }),
      ...(securityProfile(spec) ?? {}),
      timeCreated: azureTime(spec.createdAt),
    },
    ...(extensions.length > 0
      ? { resources: extensions.map((it) => extensionBody(head, it)) }
      : {}),
    ...{ etag: `"${vm.etag}"` },
  };
}

/** As an api-version knows it. */
export function vmBodyAt(newest: ResourceBody, apiVersion: string): ResourceBody {
  const { properties, ...rest } = newest;
  const profile = objectAt(properties, 'storageProfile');
  const dataDisks: unknown = profile['dataDisks'];
  const known = (disk: object) => knownAt(apiVersion, { ...disk }, SINCE);
  const storageProfile = {
    ...profile,
    osDisk: known(objectAt(profile, 'osDisk')),
    dataDisks: Array.isArray(dataDisks) ? dataDisks.map(known) : [],
  };
  const { etag, ...body } = { etag: undefined, ...rest };
  const osProfile = patchingKnownAt(apiVersion, objectAt(properties, 'osProfile'));
  return {
    ...body,
    properties: knownAt(apiVersion, { ...properties, storageProfile, osProfile }, SINCE),
    ...knownAt(apiVersion, { etag }, SINCE),
  };
}

/** An older version knows who patches a machine and not who looks for patches. */
function patchingKnownAt(apiVersion: string, profile: JsonObject): JsonObject {
  const known = Object.entries(profile).map(([name, value]) => {
    if (!isObject(value) || !isObject(value['patchSettings'])) return [name, value];
    const patchSettings = knownAt(apiVersion, value['patchSettings'], SINCE);
    return [name, { ...value, patchSettings }];
  });
  return Object.fromEntries(known);
}

/** An extension as a resource below its machine. */
export function extensionBody(
  vm: Pick<ResourceBody, 'id' | 'type' | 'location'>,
  { name, publisher, type, version }: VmExtension,
): object {
  return {
    name,
    id: `${vm.id}/extensions/${name}`,
    type: `${vm.type}/extensions`,
    location: vm.location,
    properties: {
      autoUpgradeMinorVersion: true,
      provisioningState: 'Succeeded',
      publisher,
      type,
      typeHandlerVersion: version,
      settings: {},
    },
  };
}

function attached(vm: ShownVm, disk: Disk, lun: number | null): object {
  const { createOption, caching, deleteOption } = vm.settingsOf(disk);
  const off = vm.power === 'deallocated';
  return {
    ...(lun === null ? { osType: vm.spec.os } : { lun }),
    ...attachedDisk(disk, createOption, { caching, deleteOption, off }),
    ...(lun === null ? {} : { toBeDetached: false }),
  };
}

/** A deallocated machine says neither size nor storage type. Source: 166 of 166 recorded bodies. */
export function attachedDisk(
  disk: Disk,
  createOption: string,
  {
    caching = createOption === 'Attach' ? 'None' : 'ReadWrite',
    deleteOption = 'Detach',
    off = false,
  } = {},
): object {
  const set = namedSetOf(disk);
  const security = confidentialOf(disk);
  return {
    name: disk.name,
    createOption,
    caching,
    managedDisk: {
      ...(security ? { securityProfile: { securityEncryptionType: security } } : {}),
      ...(set ? { diskEncryptionSet: { id: set } } : {}),
      ...(off ? {} : { storageAccountType: disk.sku }),
      id: disk.id,
    },
    deleteOption,
    ...(off ? {} : { diskSizeGB: disk.sizeGB }),
  };
}

/** In capitals only where the disk was changed after: 181 of 236 recorded IDs are as they were. */
function namedSetOf({ spec, encryption }: Disk): string | undefined {
  const { diskEncryptionSetId: now } = encryption;
  return now && spec.setAsNamed && sameId(now, spec.setAsNamed) ? spec.setAsNamed : now;
}

/** How a confidential disk is encrypted, in the words of its machine. */
function confidentialOf({ more }: Disk): string | null {
  const type = String(objectAt(more, 'securityProfile')['securityType'] ?? '');
  if (!type.startsWith('ConfidentialVM_')) return null;
  return type.includes('VMGuestStateOnly') ? 'VMGuestStateOnly' : 'DiskWithVMGuestState';
}

/** A machine made of a disk has none. */
function madeFrom({ image, os }: VmSpec): object {
  if (image === null) return {};
  return { imageReference: image ?? imageOf(os) };
}

export function imageOf(os: VmSpec['os']): object {
  return os === 'Linux'
    ? {
        publisher: 'Canonical',
        offer: 'ubuntu-24_04-lts',
        sku: 'server',
        version: 'latest',
        exactVersion: '24.04.202501140',
      }
    : {
        publisher: 'MicrosoftWindowsServer',
        offer: 'WindowsServer',
        sku: '2022-datacenter-g2',
        version: 'latest',
        exactVersion: '20348.2966.241205',
      };
}

export function osProfile(computerName: string, os: VmSpec['os']) {
  const configuration =
    os === 'Linux'
      ? {
          linuxConfiguration: {
            disablePasswordAuthentication: true,
            provisionVMAgent: true,
            patchSettings: { patchMode: 'ImageDefault', assessmentMode: 'ImageDefault' },
          },
        }
      : {
          windowsConfiguration: {
            provisionVMAgent: true,
            enableAutomaticUpdates: true,
            patchSettings: { patchMode: 'AutomaticByOS', assessmentMode: 'ImageDefault' },
          },
        };
  return {
    computerName,
    adminUsername: 'operator',
    ...configuration,
    secrets: [],
    allowExtensionOperations: true,
    requireGuestProvisionSignal: true,
  };
}

function ephemeralDisk({ name, os }: VmSpec): object {
  return {
    osType: os,
    name: `${name}_OsDisk`,
    createOption: 'FromImage',
    caching: 'ReadOnly',
    diffDiskSettings: { option: 'Local', placement: 'CacheDisk' },
    deleteOption: 'Delete',
    diskSizeGB: 30,
  };
}

function securityProfile({ encryptionAtHost, securityType }: VmSpec): object | null {
  if (!encryptionAtHost && !securityType) return null;
  return {
    securityProfile: {
      ...(encryptionAtHost ? { encryptionAtHost: true } : {}),
      ...(securityType
        ? { uefiSettings: { secureBootEnabled: true, vTpmEnabled: true }, securityType }
        : {}),
    },
  };
}

/** The interface that a machine names; one each. */
export function networkInterfaceOf(vmId: string): string {
  return vmId
    .replace('/Microsoft.Compute/virtualMachines/', '/Microsoft.Network/networkInterfaces/')
    .concat('-nic');
}
