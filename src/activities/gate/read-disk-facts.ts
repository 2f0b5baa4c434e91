import type { Azure } from '../../azure/azure.ts';
import { sameId, subscriptionOf } from '../../domain/azure/arm-id.ts';
import type { Disk } from '../../domain/azure/disk.ts';
import type { DiskEncryptionSet } from '../../domain/azure/disk-encryption-set.ts';
import type { Reading } from '../../domain/azure/reading.ts';
import { vmsOf } from '../../domain/azure/vm-of.ts';
import type { DiskFacts, Holder } from '../../domain/gate/disk-facts.ts';
import { grants } from '../../domain/gate/judge-grant.ts';
import { chooseDiskEncryptionSet } from '../../domain/policy/choose-disk-encryption-set.ts';
import type { ConversionPolicy } from '../../domain/policy/conversion-policy.ts';
import { reading } from './reading.ts';

/** Reads what one judgement of disks needs; disks on one set share the reading of its key. */
export type DiskFactsReader = (disk: Disk) => Promise<DiskFacts>;

type BehindSet = Pick<DiskFacts, 'key' | 'vault' | 'keyRoles' | 'groupKeyRoles'>;

/**
 * Makes a reader for the disks of one VM, or for one disk.
 *
 * A read that fails for a reason of Azure's becomes an unreadable fact, which blocks; one that is
 * throttled ends the judgement: see `unlessThrottled`.
 *
 * @param vm whose restore points and tags count.
 */
export function diskFactsReader(
  azure: Azure,
  policy: ConversionPolicy,
  vm: Holder,
): DiskFactsReader {
  const readSet = once((id) => reading(azure.readDiskEncryptionSet(id)));
  const readBehind = once(async (id) => behindSet(azure, await readSet(id)));
  const readGroup = once((id) => reading(azure.readGroupManagedBy(id)), groupOf);
  const readSharer = once(async (id) => {
    const found = await reading(azure.readVm(id));
    return found.status === 'read'
      ? { ...found, value: found.value === null ? [] : [found.value] }
      : found;
  });
  const readRestorePoints = once((id) => reading(azure.listRestorePoints(id)));

  return async (disk) => {
    const choice = chooseDiskEncryptionSet(disk, vm?.tags ?? {}, policy);
    const setId = choice.kind === 'chosen' ? choice.setId : null;
    const others = vmsOf(disk).filter((id) => !sameId(id, vm?.id ?? ''));
    const [ofSet, groupManagedBy, incrementalSnapshots, restorePoints, sharers, permission] =
      await Promise.all([
        setId === null ? null : Promise.all([readSet(setId), readBehind(setId)]),
        readGroup(disk.id),
        reading(azure.listIncrementalSnapshots(disk)),
        vm === null ? null : together([vm.id, ...others].map(readRestorePoints)),
        together(others.map(readSharer)),
        readPermission(azure, disk, setId === null ? null : readSet(setId)),
      ]);
    const [set, behind] = ofSet ?? [null, NOTHING_BEHIND];
    return {
      disk,
      vm,
      set: setId === null || set === null ? null : { id: setId, reading: set },
      ...behind,
      ...permission,
      groupManagedBy,
      incrementalSnapshots,
      restorePoints,
      sharers,
    };
  };
}

async function readPermission(
  azure: Azure,
  disk: Disk,
  asked: Promise<Reading<DiskEncryptionSet | null>> | null,
): Promise<
  Pick<DiskFacts, 'subscription' | 'locks' | 'rights' | 'policyExemptions' | 'policyRefusals'>
> {
  const [subscription, locks, rights, policyExemptions, policyRefusals] = await Promise.all([
    reading(azure.readSubscription(subscriptionOf(disk.id))),
    reading(azure.listLocks(disk.id)),
    reading(azure.listPermissions(disk.id)),
    reading(azure.listKeyPolicyExemptions(disk.id)),
    askPolicies(azure, disk, asked),
  ]);
  return { subscription, locks, rights, policyExemptions, policyRefusals };
}

/** Without its set there is nothing to ask about. */
async function askPolicies(
  azure: Azure,
  disk: Disk,
  asked: Promise<Reading<DiskEncryptionSet | null>> | null,
): Promise<DiskFacts['policyRefusals']> {
  const set = await asked;
  if (set?.status !== 'read' || set.value === null) return null;
  const { id, encryptionType } = set.value;
  return reading(azure.askPolicies(disk, { type: encryptionType, diskEncryptionSetId: id }));
}

const NOTHING_BEHIND: BehindSet = { key: null, vault: null, keyRoles: null, groupKeyRoles: null };

/** The key of a set, the vault of the key, and who may use it. */
async function behindSet(azure: Azure, set: Reading<DiskEncryptionSet | null>): Promise<BehindSet> {
  const url = set.status === 'read' ? (set.value?.keyUrl ?? null) : null;
  if (set.status !== 'read' || set.value === null || url === null) return NOTHING_BEHIND;
  const { vaultId, principalIds } = set.value;
  const [key, behind] = await Promise.all([
    reading(azure.readKey(url)),
    behindKey(azure, url, vaultId, principalIds),
  ]);
  return { key: { url, reading: key }, ...behind };
}

async function behindKey(
  azure: Azure,
  keyUrl: string,
  named: string | null,
  principalIds: readonly string[],
): Promise<Omit<BehindSet, 'key'>> {
  const found = named === null ? await reading(azure.findVault(keyUrl)) : null;
  if (found?.status === 'unreadable') {
    return { ...NOTHING_BEHIND, vault: { id: keyUrl, reading: found } };
  }
  const vaultId = named ?? found?.value ?? '';
  const vault = await reading(azure.readVault(vaultId));
  const byRoles = vault.status === 'read' && vault.value?.goesByRoles === true;
  const keyRoles = byRoles
    ? await together(principalIds.map((id) => reading(azure.listKeyRoles({ vaultId, keyUrl }, id))))
    : null;
  // Only where the identities have none: it tells whether a group may hold them.
  const groupKeyRoles =
    keyRoles?.status === 'read' && !grants(keyRoles.value)
      ? await reading(azure.listKeyRolesOfGroups({ vaultId, keyUrl }))
      : null;
  return { vault: { id: vaultId, reading: vault }, keyRoles, groupKeyRoles };
}

/** What all readings say together; nothing is known where one of them is not. */
async function together<T>(
  asked: readonly Promise<Reading<readonly T[]>>[],
): Promise<Reading<readonly T[]>> {
  const readings = await Promise.all(asked);
  const failed = readings.find(({ status }) => status === 'unreadable');
  if (failed) return failed;
  const value = readings.flatMap((each) => (each.status === 'read' ? each.value : []));
  return { status: 'read', value };
}

/** The part of an ARM ID that names subscription and resource group. */
function groupOf(resourceId: string): string {
  const end = resourceId.toLowerCase().indexOf('/providers/');
  return resourceId.slice(0, end).toLowerCase();
}

function once<T>(
  read: (id: string) => Promise<T>,
  keyOf: (id: string) => string = (id) => id,
): (id: string) => Promise<T> {
  const readings = new Map<string, Promise<T>>();
  return (id) => {
    const known = readings.get(keyOf(id)) ?? read(id);
    readings.set(keyOf(id), known);
    return known;
  };
}
