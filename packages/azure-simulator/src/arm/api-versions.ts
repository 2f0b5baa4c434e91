/** Of disks, snapshots and encryption sets. */
const DISKS = [
  '2016-04-30-preview 2017-03-30 2018-04-01 2018-06-01 2018-09-30 2019-03-01 2019-07-01 2019-11-01',
  '2020-05-01 2020-06-30 2020-09-30 2020-12-01 2021-04-01 2021-08-01 2021-12-01 2022-03-02',
  '2022-07-02 2023-01-02 2023-04-02 2023-10-02 2024-03-02 2025-01-02 2026-03-02',
];
const MACHINES = [
  '2015-05-01-preview 2015-06-15 2016-03-30 2016-04-30-preview 2016-08-30 2017-03-30 2017-12-01',
  '2018-04-01 2018-06-01 2018-10-01 2019-03-01 2019-07-01 2019-12-01 2020-06-01 2020-12-01',
  '2021-03-01 2021-04-01 2021-07-01 2021-11-01 2022-03-01 2022-08-01 2022-11-01 2023-03-01',
  '2023-07-01 2023-09-01 2024-03-01 2024-07-01 2024-11-01 2025-04-01 2025-11-01 2026-04-01',
];
const VAULTS = [
  '2014-12-19-preview 2015-06-01 2016-10-01 2018-02-14-preview 2018-02-14 2019-09-01',
  '2020-04-01-preview 2021-04-01-preview 2021-06-01-preview 2021-10-01 2021-11-01-preview',
  '2022-02-01-preview 2022-07-01 2022-11-01 2023-02-01 2023-07-01 2024-04-01-preview 2024-11-01',
  '2024-12-01-preview 2025-05-01 2026-02-01',
];
const GROUPS = [
  '2014-04 2014-02-26 2013-03-01 2014-01-01 2014-04-01 2014-04-01-preview 2015-01-01 2015-11-01',
  '2016-02-01 2016-06-01 2016-07-01 2016-09-01 2017-03-01 2017-05-01 2017-05-10 2017-06-01',
  '2017-08-01 2017-12-01 2018-01-01 2018-02-01 2018-05-01 2018-06-01 2018-07-01 2018-08-01',
  '2018-09-01 2018-11-01 2019-03-01 2019-05-01 2019-05-10 2019-06-01 2019-07-01 2019-08-01',
  '2019-09-01 2019-10-01 2019-11-01 2020-01-01 2020-05-01 2020-06-01 2020-07-01 2020-08-01',
  '2020-09-01 2020-10-01 2021-01-01 2021-04-01 2022-01-01 2022-03-01-preview 2022-05-01',
  '2022-06-01 2022-09-01 2022-11-01-preview 2022-12-01 2023-03-01-preview 2023-07-01-preview',
  '2023-07-01 2024-03-01 2024-06-01-preview 2024-07-01 2024-08-01 2024-11-01 2025-03-01 2025-04-01',
];

/**
 * The api-versions of types whose lists are known, newest first; other types take any.
 *
 * Source: folders of the public API specifications, and what the current SDKs send.
 */
const BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  'microsoft.compute/disks': newestFirst(DISKS),
  'microsoft.compute/snapshots': newestFirst(DISKS),
  'microsoft.compute/diskencryptionsets': newestFirst(DISKS, '2019-07-01'),
  'microsoft.compute/virtualmachines': newestFirst(MACHINES),
  'microsoft.compute/restorepointcollections': newestFirst(MACHINES, '2021-03-01'),
  'microsoft.keyvault/vaults': newestFirst(VAULTS),
  'microsoft.keyvault/managedhsms': newestFirst(VAULTS, '2020-04-01-preview'),
};

/** Of subscriptions, groups and lists. Source: as the resource manager names them in its refusal. */
export const OWN_VERSIONS = newestFirst(GROUPS);

/** `null` for a type that takes any version here. */
export function versionsOf(type: string): readonly string[] | null {
  return BY_TYPE[type.toLowerCase()] ?? null;
}

function newestFirst(lines: readonly string[], since = ''): readonly string[] {
  return lines
    .flatMap((line) => line.split(' '))
    .filter((version) => version >= since)
    .reverse();
}
