import type { DiskDescription, VmDescription } from '@keyturn/azure-simulator/estate-description';
import type { Resource } from '../../azure/arm/pages.ts';
import { type AroundOf, placementOf } from './describe-around.ts';
import { at, known, lastOf, listAt, tagsOf, textAt } from './json.ts';

const DAY_MS = 86_400_000;

/** What a machine's disks are, by ARM ID; undefined for one that stands alone in the estate. */
export type DiskOf = (id: string | undefined) => DiskDescription | undefined;

export interface MachinePlace {
  readonly name: string;
  readonly group: string;
  readonly status: Resource | undefined;
  readonly nowMs: number;
  readonly aroundOf: AroundOf;
}

/** ARM IDs of the disks that a machine holds, its system disk first. */
export function diskIdsOf(machine: Resource): readonly string[] {
  const profile = at(machine, 'properties.storageProfile');
  return [at(profile, 'osDisk'), ...listAt(profile, 'dataDisks')]
    .map((disk) => textAt(disk, 'managedDisk.id'))
    .filter((id) => id !== undefined);
}

export function describeMachine(
  machine: Resource,
  { name, group, status, nowMs, aroundOf }: MachinePlace,
  diskOf: DiskOf,
): VmDescription {
  const profile = at(machine, 'properties.storageProfile');
  const os = textAt(profile, 'osDisk.osType');
  const zones = listAt(machine, 'zones').map(String);
  const created = Date.parse(textAt(machine, 'properties.timeCreated') ?? '');
  const atHost = at(machine, 'properties.securityProfile.encryptionAtHost');
  return {
    name,
    group,
    power: powerOf(status),
    ...known({
      location: textAt(machine, 'location'),
      zones: zones.length > 0 ? zones : undefined,
      os: os === 'Windows' || os === 'Linux' ? os : undefined,
      size: textAt(machine, 'properties.hardwareProfile.vmSize'),
      tags: tagsOf(machine),
      osDisk: osDiskOf(profile, diskOf),
      availabilitySet: nameAt(machine, 'properties.availabilitySet.id'),
      scaleSet: nameAt(machine, 'properties.virtualMachineScaleSet.id'),
      proximityPlacementGroup: nameAt(machine, 'properties.proximityPlacementGroup.id'),
      encryptionAtHost: atHost === true ? true : undefined,
      securityType: textAt(machine, 'properties.securityProfile.securityType'),
      adeExtension: listAt(machine, 'resources').some(isAde) ? true : undefined,
      ageDays: Number.isFinite(created) ? Math.round((nowMs - created) / DAY_MS) : undefined,
    }),
    ...placementOf(machine),
    ...aroundOf(machine),
    dataDisks: listAt(profile, 'dataDisks')
      .map((disk) => diskOf(textAt(disk, 'managedDisk.id')))
      .filter((disk) => disk !== undefined),
  };
}

function osDiskOf(profile: unknown, diskOf: DiskOf): VmDescription['osDisk'] {
  const isEphemeral = textAt(profile, 'osDisk.diffDiskSettings.option') === 'Local';
  return isEphemeral ? 'ephemeral' : diskOf(textAt(profile, 'osDisk.managedDisk.id'));
}

/** A machine on its way counts as arrived. */
function powerOf(status: Resource | undefined): NonNullable<VmDescription['power']> {
  const codes = listAt(status, 'properties.instanceView.statuses').map((it) =>
    String(textAt(it, 'code')).toLowerCase(),
  );
  const has = (...words: readonly string[]) => words.some((word) => codes.includes(word));
  if (has('powerstate/deallocated', 'powerstate/deallocating')) {
    return has('hibernationstate/hibernated') ? 'hibernated' : 'deallocated';
  }
  return has('powerstate/stopped', 'powerstate/stopping') ? 'stopped' : 'running';
}

/** The extension of Azure Disk Encryption. Source: its documented publisher and types. */
function isAde(resource: unknown): boolean {
  return /^AzureDiskEncryption(ForLinux)?$/i.test(
    textAt(resource, 'properties.type') ?? lastOf(textAt(resource, 'id') ?? ''),
  );
}

function nameAt(value: unknown, path: string): string | undefined {
  const id = textAt(value, path);
  return id === undefined ? undefined : lastOf(id);
}
