import type { Azure } from '../../azure/azure.ts';
import { OFF_BY_TAG, type Vm } from '../../domain/azure/vm.ts';
import type { VmFacts } from '../../domain/gate/vm-facts.ts';
import { reading } from './reading.ts';

/** Reads what stands against switching a VM off, all at once; most of it is shared with others. */
export async function readVmFacts(azure: Azure, vm: Vm): Promise<VmFacts> {
  const [
    locks,
    rights,
    markRefusals,
    dynamicAddresses,
    sizes,
    scheduledVmIds,
    scaleSet,
    replicated,
    backups,
  ] = await Promise.all([
    reading(azure.listLocks(vm.id)),
    reading(azure.listPermissions(vm.id)),
    reading(azure.askPoliciesOfTag(vm.id, OFF_BY_TAG)),
    reading(azure.listDynamicAddresses(vm.id)),
    reading(azure.listSizes(vm)),
    reading(azure.listScheduledVms(vm.id)),
    vm.scaleSetId === null ? NO_SCALE_SET : reading(azure.readScaleSet(vm.scaleSetId)),
    reading(azure.listReplicatedVms()),
    reading(azure.listRunningBackups(vm.id)),
  ]);
  return {
    locks,
    rights,
    markRefusals,
    dynamicAddresses,
    sizes,
    scheduledVmIds,
    scaleSet,
    replicated,
    backups,
  };
}

const NO_SCALE_SET = { status: 'read', value: null } as const;
