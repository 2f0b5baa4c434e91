import type { RestrictedSize } from './restricted-size.ts';
import { parseVmSize, type VmSize } from './vm-size.ts';

const ZONES = ['1', '2', '3'];

/** A size in a region. Source: REST reference and examples, Resource Skus – List. */
export function skuBody(
  { size, location }: { readonly size: string; readonly location: string },
  restrictions: readonly RestrictedSize[],
): object {
  const known = parseVmSize(size);
  return {
    resourceType: 'virtualMachines',
    name: size,
    tier: size.split('_')[0],
    size: size.replace(/^[^_]+_/, ''),
    ...(known ? { family: known.family } : {}),
    locations: [location],
    locationInfo: [{ location, zones: ZONES, zoneDetails: zoneDetails(known) }],
    capabilities: known ? capabilitiesOf(known) : [],
    restrictions: restrictions
      .filter(({ reason }) => reason === 'subscription')
      .map(({ zones }) => ({
        type: zones ? 'Zone' : 'Location',
        values: [location],
        restrictionInfo: { locations: [location], ...(zones ? { zones } : {}) },
        reasonCode: 'NotAvailableForSubscription',
      })),
  };
}

function zoneDetails(size: VmSize | null): readonly object[] {
  if (!size?.premiumStorage || size.isBurstable) return [];
  return [{ name: ZONES, capabilities: [{ name: 'UltraSSDAvailable', value: 'True' }] }];
}

/** Numbers and truth values are texts. How many disks and interfaces a size takes is assumed. */
function capabilitiesOf(size: VmSize): readonly object[] {
  const { cpus, memoryGB, temporaryDiskMB, isConfidential, isBurstable, premiumStorage } = size;
  const ephemeral = premiumStorage && !isBurstable && temporaryDiskMB > 0;
  const capabilities: Readonly<Record<string, string | number | boolean>> = {
    MaxResourceVolumeMB: temporaryDiskMB,
    OSVhdSizeMB: 1_047_552,
    vCPUs: cpus,
    MemoryPreservingMaintenanceSupported: !isConfidential,
    HyperVGenerations: isConfidential ? 'V2' : 'V1,V2',
    MemoryGB: memoryGB,
    MaxDataDiskCount: Math.min(32, cpus * 2),
    CpuArchitectureType: 'x64',
    LowPriorityCapable: !isBurstable,
    PremiumIO: premiumStorage,
    VMDeploymentTypes: 'IaaS',
    vCPUsAvailable: cpus,
    vCPUsPerCore: isBurstable ? 1 : 2,
    EphemeralOSDiskSupported: ephemeral,
    ...(ephemeral ? { SupportedEphemeralOSDiskPlacements: 'ResourceDisk,CacheDisk' } : {}),
    ...(isConfidential ? { ConfidentialComputingType: 'SNP' } : {}),
    EncryptionAtHostSupported: true,
    CapacityReservationSupported: true,
    AcceleratedNetworkingEnabled: cpus > 1,
    RdmaEnabled: false,
    MaxNetworkInterfaces: Math.min(8, Math.max(2, cpus)),
  };
  return Object.entries(capabilities).map(([name, value]) => ({ name, value: textOf(value) }));
}

function textOf(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}
