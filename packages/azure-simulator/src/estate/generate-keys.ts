import type { EncryptionSetDescription, VaultDescription } from './estate-description.ts';

/** What an encryption set may be like. Those from `disabled` on are mistakes. */
const SETS = {
  '': { key: 'disks' },
  double: { key: 'disks-double', encryptionType: 'EncryptionAtRestWithPlatformAndCustomerKeys' },
  confidential: { key: 'disks', encryptionType: 'ConfidentialVmEncryptedWithCustomerKey' },
  legacy: { key: 'disks-legacy' },
} as const;

const WRONG_SETS = {
  disabled: { key: 'disks-disabled' },
  expired: { key: 'disks-expired' },
  deleted: { key: 'disks-deleted' },
  forbidden: { key: 'disks', accessGranted: false },
} as const;

export type SetKind = keyof typeof SETS | keyof typeof WRONG_SETS | 'misplaced';

export const WRONG_SET_KINDS = ['disabled', 'expired', 'deleted', 'forbidden'] as const;

/** `des-westeurope`, `des-westeurope-double`. */
export function setName(region: string, kind: SetKind = ''): string {
  return kind === '' ? `des-${region}` : `des-${region}-${kind}`;
}

/** A vault with its keys and sets in each region. */
export function keysOf(
  regions: readonly string[],
  withMistakes: boolean,
): {
  readonly vaults: readonly VaultDescription[];
  readonly encryptionSets: readonly EncryptionSetDescription[];
} {
  return {
    vaults: regions.map((location, index) => ({
      name: vaultName(index),
      group: `rg-keys-${location}`,
      location,
      keys: [
        { name: 'disks' },
        { name: 'disks-double' },
        { name: 'disks-legacy' },
        ...(withMistakes
          ? [
              { name: 'disks-disabled', enabled: false },
              { name: 'disks-expired', expiresInDays: -3 },
              { name: 'disks-deleted', deleted: true },
            ]
          : []),
      ],
    })),
    encryptionSets: regions.flatMap((location, index) => {
      const group = `rg-keys-${location}`;
      const kinds = Object.entries({ ...SETS, ...(withMistakes ? WRONG_SETS : {}) });
      const sets = kinds.map(([kind, { key, ...rest }]) => ({
        name: setName(location, kind as SetKind),
        group,
        location,
        key: `${vaultName(index)}/${key}`,
        ...rest,
      }));
      // Named for one region and made in another: no disk of the first can use it.
      const elsewhere = regions[(index + 1) % regions.length];
      if (!withMistakes || elsewhere === undefined || elsewhere === location) return sets;
      const key = `${vaultName((index + 1) % regions.length)}/disks`;
      return [...sets, { name: setName(location, 'misplaced'), group, location: elsewhere, key }];
    }),
  };
}

/** Short, for a vault's name has 24 letters at most. */
function vaultName(index: number): string {
  return `kv-generated-${index + 1}`;
}
