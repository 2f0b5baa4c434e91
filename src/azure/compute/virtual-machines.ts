import type {
  InstanceViewStatus,
  RestorePointCollection,
  VirtualMachine,
} from '@azure/arm-compute';
import { sameId } from '../../domain/azure/arm-id.ts';
import type { PowerState, Vm } from '../../domain/azure/vm.ts';
import { accept } from '../arm/accepted.ts';
import type { ArmClients } from '../arm/arm-clients.ts';
import { askForList } from '../arm/ask-for-list.ts';
import { ask } from '../arm/errors.ts';
import { placeOf } from '../arm/place-of.ts';
import { BRIEFLY_MS, remember } from '../arm/remember.ts';
import type { Azure } from '../azure.ts';

/** Virtual machines and their restore points. */
export function virtualMachineCalls(
  clients: ArmClients,
): Pick<Azure, 'readVm' | 'deallocateVm' | 'startVm' | 'listRestorePoints'> {
  const listCollections = remember(
    (subscriptionId) =>
      askForList('list restore point collections', async () => {
        const found: RestorePointCollection[] = [];
        const { restorePointCollections } = clients.compute(subscriptionId);
        for await (const each of restorePointCollections.listAll()) found.push(each);
        return found;
      }),
    BRIEFLY_MS,
  );

  return {
    readVm: (vmId) => {
      const { subscriptionId, resourceGroup, name } = placeOf(vmId);
      const { virtualMachines } = clients.compute(subscriptionId);
      return ask('read VM', async () =>
        toVm(vmId, await virtualMachines.get(resourceGroup, name, { expand: 'instanceView' })),
      );
    },

    deallocateVm: (vmId) => {
      const { subscriptionId, resourceGroup, name } = placeOf(vmId);
      const { virtualMachines } = clients.compute(subscriptionId);
      return accept('deallocate VM', (onResponse) => ({
        poller: virtualMachines.deallocate(resourceGroup, name, { onResponse }),
      }));
    },

    startVm: (vmId) => {
      const { subscriptionId, resourceGroup, name } = placeOf(vmId);
      const { virtualMachines } = clients.compute(subscriptionId);
      return accept('start VM', (onResponse) => ({
        poller: virtualMachines.start(resourceGroup, name, { onResponse }),
      }));
    },

    listRestorePoints: async (vmId) => {
      const { subscriptionId } = placeOf(vmId);
      const collections = await listCollections(subscriptionId);
      if (collections.status !== 'ok') return collections;

      const ofVm = collections.value.filter(({ source }) => sameId(source?.id ?? '', vmId));
      return askForList('list restore points', async () => {
        const { restorePointCollections } = clients.compute(subscriptionId);
        const points = ofVm.map(async ({ id }) => {
          const { resourceGroup, name } = placeOf(id ?? '');
          const options = { expand: 'restorePoints' } as const;
          const collection = await restorePointCollections.get(resourceGroup, name, options);
          return (collection.restorePoints ?? []).map((point) => point.id ?? '');
        });
        return (await Promise.all(points)).flat();
      });
    },
  };
}

function toVm(id: string, vm: VirtualMachine): Vm {
  const statuses = vm.instanceView?.statuses ?? [];
  const { osDisk, dataDisks = [] } = vm.storageProfile ?? {};
  const isEphemeral = osDisk?.diffDiskSettings?.option === 'Local';
  const disks = [...(isEphemeral || !osDisk ? [] : [osDisk]), ...dataDisks];
  return {
    id,
    region: vm.location,
    powerState: powerStateOf(statuses),
    isHibernated: statuses.some(({ code }) => /^HibernationState\/Hibernated$/i.test(code ?? '')),
    provisioningState: vm.provisioningState ?? 'Unknown',
    failure: failureOf(statuses),
    createdAtMs: vm.timeCreated?.getTime() ?? null,
    changedAtMs: changedAtMsOf(statuses),
    diskIds: disks.flatMap(({ managedDisk }) => managedDisk?.id ?? []),
    hasEphemeralOsDisk: isEphemeral,
    hasUnmanagedDisk: disks.some(({ vhd }) => vhd?.uri !== undefined),
    hasDiskEncryptionExtension:
      osDisk?.encryptionSettings?.enabled === true ||
      (vm.resources ?? []).some(
        ({ publisher, typePropertiesType }) =>
          publisher === 'Microsoft.Azure.Security' &&
          /^AzureDiskEncryption/.test(typePropertiesType ?? ''),
      ),
    size: vm.hardwareProfile?.vmSize ?? '',
    networkInterfaceIds: (vm.networkProfile?.networkInterfaces ?? []).flatMap(({ id }) => id ?? []),
    ...placementOf(vm),
    availabilitySetId: vm.availabilitySet?.id ?? null,
    scaleSetId: vm.virtualMachineScaleSet?.id ?? null,
    proximityPlacementGroupId: vm.proximityPlacementGroup?.id ?? null,
    zone: vm.zones?.[0] ?? null,
    tags: vm.tags ?? {},
  };
}

/** Source: REST reference, Virtual Machines – Get; `Low` is the old name of Spot. */
function placementOf({
  priority,
  host,
  hostGroup,
  capacityReservation,
}: VirtualMachine): Pick<Vm, 'isSpot' | 'dedicatedHostId' | 'capacityReservationId'> {
  return {
    isSpot: priority === 'Spot' || priority === 'Low',
    dedicatedHostId: host?.id ?? hostGroup?.id ?? null,
    capacityReservationId: capacityReservation?.capacityReservationGroup?.id ?? null,
  };
}

const POWER_STATES: readonly PowerState[] = [
  'running',
  'deallocated',
  'stopped',
  'starting',
  'stopping',
  'deallocating',
];

/** By its prefix, not its place: `OSState/generalized` was recorded in front of it. */
function powerStateOf(statuses: readonly InstanceViewStatus[]): PowerState {
  const codes = statuses.map(({ code }) => code?.toLowerCase() ?? '');
  const state = codes.find((code) => code.startsWith('powerstate/'))?.slice('powerstate/'.length);
  return POWER_STATES.find((known) => known === state) ?? 'unknown';
}

/** Source: recorded instance views, where a provisioning state that is final has a time. */
function changedAtMsOf(statuses: readonly InstanceViewStatus[]): number | null {
  const ended = statuses.find(({ code }) => /^ProvisioningState\/succeeded$/i.test(code ?? ''));
  return ended?.time?.getTime() ?? null;
}

function failureOf(statuses: readonly InstanceViewStatus[]): Vm['failure'] {
  const prefix = 'ProvisioningState/failed/';
  const failed = statuses.find(({ code }) => code?.startsWith(prefix));
  if (!failed) return null;
  return { code: failed.code?.slice(prefix.length) ?? '', message: failed.message ?? '' };
}
