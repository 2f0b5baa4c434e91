import type { Disk as AzureDisk, EncryptionSetIdentity, Snapshot } from '@azure/arm-compute';
import { parseArmId, sameId } from '../../domain/azure/arm-id.ts';
import { type Disk, PLATFORM_KEY } from '../../domain/azure/disk.ts';
import { accept } from '../arm/accepted.ts';
import type { ArmClients } from '../arm/arm-clients.ts';
import { askForList } from '../arm/ask-for-list.ts';
import { ask } from '../arm/errors.ts';
import { placeOf } from '../arm/place-of.ts';
import { BRIEFLY_MS, remember } from '../arm/remember.ts';
import type { Azure } from '../azure.ts';

/** Managed disks, their snapshots and disk encryption sets. */
export function diskCalls(
  clients: ArmClients,
): Pick<Azure, 'readDisk' | 'encryptDisk' | 'listIncrementalSnapshots' | 'readDiskEncryptionSet'> {
  const listSnapshots = remember(
    (subscriptionId) =>
      askForList('list snapshots', async () => {
        const found: Snapshot[] = [];
        for await (const each of clients.compute(subscriptionId).snapshots.list()) {
          if (each.incremental) found.push(each);
        }
        return found;
      }),
    BRIEFLY_MS,
  );

  return {
    readDisk: (diskId) => {
      const { subscriptionId, resourceGroup, name } = placeOf(diskId);
      return ask('read disk', async () =>
        toDisk(diskId, await clients.compute(subscriptionId).disks.get(resourceGroup, name)),
      );
    },

    encryptDisk: (diskId, encryption) => {
      const { subscriptionId, resourceGroup, name } = placeOf(diskId);
      const { disks } = clients.compute(subscriptionId);
      return accept('encrypt disk', (onResponse) => ({
        poller: disks.update(resourceGroup, name, { encryption }, { onResponse }),
      }));
    },

    listIncrementalSnapshots: async (disk) => {
      const answer = await listSnapshots(placeOf(disk.id).subscriptionId);
      if (answer.status !== 'ok') return answer;
      return { status: 'ok', value: answer.value.filter(isOf(disk)).map(idOf) };
    },

    readDiskEncryptionSet: remember(
      (id) => readDiskEncryptionSet(clients, id),
      undefined,
      (set) => set?.provisioningState === 'Succeeded' && set.keyUrl !== null,
    ),
  };
}

function toDisk(id: string, disk: AzureDisk): Disk {
  return {
    id,
    region: disk.location,
    encryptionType: disk.encryption?.type ?? PLATFORM_KEY,
    diskEncryptionSetId: disk.encryption?.diskEncryptionSetId ?? null,
    diskState: disk.diskState ?? 'Unknown',
    provisioningState: disk.provisioningState ?? 'Succeeded',
    managedBy: disk.managedBy ?? null,
    sharers: disk.managedByExtended ?? disk.shareInfo?.flatMap(({ vmUri }) => vmUri ?? []) ?? [],
    maxShares: disk.maxShares ?? 1,
    sku: disk.sku?.name ?? '',
    uniqueId: disk.uniqueId ?? null,
    hasDiskEncryptionSettings: disk.encryptionSettingsCollection != null,
    completionPercent: disk.completionPercent ?? null,
    securityType: disk.securityProfile?.securityType ?? null,
    secureVmSetId: disk.securityProfile?.secureVMDiskEncryptionSetId ?? null,
    tags: disk.tags ?? {},
  };
}

async function readDiskEncryptionSet(
  clients: ArmClients,
  id: string,
): ReturnType<Azure['readDiskEncryptionSet']> {
  const { subscriptionId, resourceGroup, name } = placeOf(id);
  return ask('read disk encryption set', async () => {
    const set = await clients.compute(subscriptionId).diskEncryptionSets.get(resourceGroup, name);
    return {
      id,
      region: set.location,
      encryptionType: set.encryptionType ?? 'EncryptionAtRestWithCustomerKey',
      provisioningState: set.provisioningState ?? 'Succeeded',
      keyUrl: set.activeKey?.keyUrl ?? null,
      identityType: set.identity?.type ?? null,
      principalIds: principalIdsOf(set.identity),
      tenantId: set.identity?.tenantId ?? null,
      federatedClientId: federatedClientIdOf(set.federatedClientId),
      vaultId: set.activeKey?.sourceVault?.id ?? null,
      autoKeyRotationError: set.autoKeyRotationError
        ? {
            code: set.autoKeyRotationError.code ?? 'Unknown',
            message: set.autoKeyRotationError.message ?? '',
          }
        : null,
    };
  });
}

/** `None` clears it. Source: REST reference, Disk Encryption Sets. */
function federatedClientIdOf(id: string | undefined): string | null {
  return id === undefined || id === '' || /^none$/i.test(id) ? null : id;
}

function principalIdsOf(identity: EncryptionSetIdentity | undefined): readonly string[] {
  const { principalId, userAssignedIdentities = {} } = identity ?? {};
  const users = Object.values(userAssignedIdentities).map((user) => user?.principalId);
  return [principalId, ...users].filter((id) => id !== undefined);
}

/** A disk that was made anew under the same name has another unique id, and other snapshots. */
function isOf(disk: Disk): (snapshot: Snapshot) => boolean {
  return ({ creationData }) => {
    const { sourceResourceId, sourceUniqueId } = creationData ?? {};
    if (!sourceResourceId || parseArmId(sourceResourceId) === null) return false;
    const sameDisk = sameId(sourceResourceId, disk.id);
    return sameDisk && (!sourceUniqueId || !disk.uniqueId || sourceUniqueId === disk.uniqueId);
  };
}

function idOf({ id }: Snapshot): string {
  return id ?? '';
}
