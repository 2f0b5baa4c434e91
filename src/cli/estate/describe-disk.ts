import type { DiskDescription } from '@keyturn/azure-simulator/estate-description';
import type { Resource } from '../../azure/arm/pages.ts';
import { at, known, listAt, numberAt, tagsOf, textAt } from './json.ts';
import type { Names } from './names.ts';

/** States that do not follow from a machine's power. */
const OWN_STATES = ['ActiveSAS', 'ActiveSASFrozen', 'ReadyToUpload', 'ActiveUpload'] as const;

/** A disk but for who holds it. */
export function describeDisk(
  disk: Resource,
  { name, group }: { readonly name: string; readonly group: string },
  sets: Names,
): DiskDescription {
  const state = textAt(disk, 'properties.diskState');
  const zones = listAt(disk, 'zones').map(String);
  const maxShares = numberAt(disk, 'properties.maxShares');
  const os = textAt(disk, 'properties.osType');
  return {
    name,
    group,
    ...known({
      location: textAt(disk, 'location'),
      zones: zones.length > 0 ? zones : undefined,
      sku: textAt(disk, 'sku.name'),
      sizeGB: numberAt(disk, 'properties.diskSizeGB'),
      os: os === 'Windows' || os === 'Linux' ? os : undefined,
      tags: tagsOf(disk),
      encryptionSet: sets(textAt(disk, 'properties.encryption.diskEncryptionSetId')),
      state: OWN_STATES.find((it) => it === state),
      maxShares: maxShares === 1 ? undefined : maxShares,
      fromImage:
        textAt(disk, 'properties.creationData.createOption') === 'FromImage' ? true : undefined,
      ade: at(disk, 'properties.encryptionSettingsCollection.enabled') === true ? 'now' : undefined,
      confidential: confidentialOf(disk, sets),
    }),
  };
}

function confidentialOf(disk: Resource, sets: Names): DiskDescription['confidential'] {
  const securityType = textAt(disk, 'properties.securityProfile.securityType');
  if (securityType === undefined) return undefined;
  const set = sets(textAt(disk, 'properties.securityProfile.secureVMDiskEncryptionSetId'));
  return { securityType, ...(set ? { encryptionSet: set } : {}) };
}
