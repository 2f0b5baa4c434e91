import type { VmPlacement } from '../compute/vm-placement.ts';
import type { VmExtension, VmSpec } from '../compute/vm-spec.ts';
import type { DiskDescription, VmDescription } from './estate-description.ts';

const DAY_MS = 86_400_000;

const ADE_VAULT =
  '/subscriptions/5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/kv-ade';

/** Settings of Azure Disk Encryption as a disk shows them. Source: a recorded disk of 2019. */
export const ADE_SETTINGS = {
  enabled: true,
  encryptionSettings: [
    {
      diskEncryptionKey: {
        sourceVault: { id: ADE_VAULT },
        secretUrl: 'https://kv-ade.vault.azure.net/secrets/ade/112db8c0a4ef453594ec72c776842e55',
      },
    },
  ],
  encryptionSettingsVersion: '1.1',
} as const;

const ADE_EXTENSION: VmExtension = {
  name: 'AzureDiskEncryption',
  publisher: 'Microsoft.Azure.Security',
  type: 'AzureDiskEncryption',
  version: '2.2',
};

/** The parts of a disk's body that follow from its description. */
export const diskProperties = {
  creationData(
    { fromImage, state, os }: DiskDescription,
    location: string,
    subscription: string,
  ): Readonly<Record<string, unknown>> {
    if (state === 'ReadyToUpload' || state === 'ActiveUpload') {
      return { createOption: 'Upload', uploadSizeBytes: 34_359_738_880 };
    }
    if (!fromImage) return { createOption: 'Empty' };
    // Azure writes the segments of an image's ID with capitals.
    const image =
      os === 'Windows'
        ? 'Publishers/MicrosoftWindowsServer/ArtifactTypes/VMImage/Offers/WindowsServer/Skus/2022-datacenter-g2/Versions/20348.2966.241205'
        : 'Publishers/Canonical/ArtifactTypes/VMImage/Offers/ubuntu-24_04-lts/Skus/server/Versions/24.04.202501140';
    return {
      createOption: 'FromImage',
      imageReference: {
        id: `/Subscriptions/${subscription}/Providers/Microsoft.Compute/Locations/${location}/${image}`,
      },
    };
  },
  more({ maxShares }: DiskDescription): object {
    return maxShares === undefined ? {} : { maxShares };
  },
};

function placementOf(
  { spot, dedicatedHost, capacityReservation }: VmDescription,
  sibling: (type: string, name: string | undefined) => string | undefined,
): VmPlacement {
  const [hostGroup, host] = dedicatedHost?.split('/') ?? [];
  const hostGroupId = sibling('hostGroups', hostGroup);
  return {
    spotEviction: spot,
    ...(host ? { hostId: `${hostGroupId}/hosts/${host}` } : { hostGroupId }),
    capacityReservationGroupId: sibling('capacityReservationGroups', capacityReservation),
  };
}

export function vmSpec(
  description: VmDescription,
  { id, vmId, location }: { id: string; vmId: string; location: string },
): VmSpec {
  const { name, zones, availabilitySet, scaleSet, proximityPlacementGroup } = description;
  const { power, ageDays = 90 } = description;
  const sibling = (type: string, it: string | undefined) =>
    it && `${id.slice(0, id.indexOf('/providers/'))}/providers/Microsoft.Compute/${type}/${it}`;
  return {
    id,
    name,
    location,
    zones,
    size: description.size ?? 'Standard_D2s_v3',
    os: description.os ?? 'Linux',
    vmId,
    createdAt: Date.now() - ageDays * DAY_MS,
    availabilitySetId: sibling('availabilitySets', availabilitySet),
    scaleSetId: sibling('virtualMachineScaleSets', scaleSet),
    placementGroupId: sibling('proximityPlacementGroups', proximityPlacementGroup),
    placement: placementOf(description, sibling),
    encryptionAtHost: description.encryptionAtHost,
    securityType: description.securityType,
    ephemeralOsDisk: description.osDisk === 'ephemeral',
    hibernationEnabled: power === 'hibernated',
    extensions: description.adeExtension ? [ADE_EXTENSION] : [],
  };
}
