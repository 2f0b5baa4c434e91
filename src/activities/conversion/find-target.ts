import type { Answer, Azure } from '../../azure/azure.ts';
import { DISK_TYPE, parseArmId } from '../../domain/azure/arm-id.ts';
import { PLATFORM_KEY } from '../../domain/azure/disk.ts';
import { type ConversionTarget, targetOf } from '../../domain/conversion/conversion-target.ts';
import type { ConversionPolicy } from '../../domain/policy/conversion-policy.ts';
import { isInScope, mayBeInScope } from '../../domain/policy/is-in-scope.ts';
import { defineActivity } from '../../durable/steps.ts';
import type { Services } from '../services.ts';

/** A target, and the disks on a platform-managed key that make it one. */
interface NoticedTarget extends ConversionTarget {
  readonly diskIds: readonly string[];
}

type Found = Answer<NoticedTarget | null>;

/**
 * Looks at what an event named, and says whether there is anything to convert, and as what.
 *
 * Null: nothing on a platform-managed key, out of scope, or gone. Only reads.
 */
export const findTarget = defineActivity(
  'findTarget',
  { attempts: 5, firstDelayMs: 5_000 },
  ({ azure, policy }: Services) =>
    async ({ resourceId }: { readonly resourceId: string }): Promise<Found> => {
      const allowed = await policy();
      if (!mayBeInScope(resourceId, allowed)) return { status: 'ok', value: null };
      return parseArmId(resourceId)?.type === DISK_TYPE
        ? targetOfDisk(azure, allowed, resourceId)
        : targetOfVm(azure, allowed, resourceId);
    },
);

async function targetOfDisk(
  azure: Azure,
  policy: ConversionPolicy,
  diskId: string,
): Promise<Found> {
  const answer = await azure.readDisk(diskId);
  if (answer.status !== 'ok') return answer;
  const disk = answer.value;
  if (disk?.encryptionType !== PLATFORM_KEY) return { status: 'ok', value: null };

  // Of a disk that a VM holds, the VM's tags count as well, which are read with the VM.
  const target = targetOf(disk);
  const inScope =
    target.kind === 'vm' ? mayBeInScope(diskId, policy, disk.region) : isInScope(disk, policy);
  return { status: 'ok', value: inScope ? { ...target, diskIds: [diskId] } : null };
}

async function targetOfVm(azure: Azure, policy: ConversionPolicy, vmId: string): Promise<Found> {
  const vm = await azure.readVm(vmId);
  if (vm.status !== 'ok') return vm;
  if (vm.value === null || !isInScope(vm.value, policy)) return { status: 'ok', value: null };
  const disks = await Promise.all(vm.value.diskIds.map((id) => azure.readDisk(id)));
  const failed = disks.find((disk) => disk.status !== 'ok');
  if (failed) return failed;
  const diskIds = disks.flatMap((disk) =>
    disk.status === 'ok' && disk.value?.encryptionType === PLATFORM_KEY ? disk.value.id : [],
  );
  return { status: 'ok', value: diskIds.length > 0 ? { kind: 'vm', id: vmId, diskIds } : null };
}
