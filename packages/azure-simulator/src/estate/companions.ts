import { parseResourceId } from '../arm/resource-id.ts';
import { AvailabilitySet } from '../compute/availability-set.ts';
import type { Disk } from '../compute/disk.ts';
import { placementGroup } from '../compute/proximity-placement-group-routes.ts';
import { ScaleSet, type ScaleSetSpec } from '../compute/scale-set.ts';
import type { Vm } from '../compute/vm.ts';
import { networkInterfaceOf } from '../compute/vm-body.ts';
import { ShutdownSchedule } from '../devtestlab/shutdown-schedule.ts';
import { NetworkInterface, privateAddressOf } from '../network/network-interface.ts';
import { PublicAddress } from '../network/public-address.ts';
import type { World } from '../world.ts';
import type { VmDescription } from './estate-description.ts';

/** Makes what a machine names and what names it: interface, address, sets, schedule. */
export function addCompanions(world: World, vm: Vm, description: VmDescription): void {
  const { publicIp, autoShutdown } = description;
  addInterface(world, vm, publicIp);
  const { availabilitySetId, scaleSetId, placementGroupId } = vm.spec;
  if (availabilitySetId) availabilitySet(world, availabilitySetId, vm).add(vm);
  if (placementGroupId) addPlacementGroup(world, placementGroupId, vm.location);
  if (scaleSetId) {
    const { size, os } = vm.spec;
    scaleSet(world, scaleSetId, { location: vm.location, mode: 'Flexible', size, os }).add(vm);
  }
  if (autoShutdown) addSchedule(world, vm, autoShutdown);
}

const INSTANCE = /^(.+\/virtualMachineScaleSets\/[^/]+)\/virtualMachines\/([^/]+)$/i;

/** Makes the instance of a uniform scale set that holds a disk, and the set. */
export function addInstanceOf(world: World, disk: Disk): void {
  const [, setId, number] = INSTANCE.exec(disk.managedBy ?? '') ?? [];
  if (!setId || !number) return;
  const wish = { location: disk.location, mode: 'Uniform', size: 'Standard_D2s_v3' } as const;
  const set = scaleSet(world, setId, { ...wish, os: disk.spec.osType ?? 'Linux' });
  const known = set.instances.get(number);
  if (known) known.disks.push(disk);
  else set.instances.set(number, { number, vmId: world.random.guid(), disks: [disk] });
}

/** The scale set of an ID; made as wished when it is not there. */
export function scaleSet(
  { scaleSets, random }: World,
  id: string,
  wish: Pick<ScaleSetSpec, 'location' | 'mode' | 'size' | 'os'> & { encryptionSetId?: string },
): ScaleSet {
  const found = scaleSets.find(id);
  if (found) return found;
  return scaleSets.add(
    new ScaleSet({
      encryptionSetId: undefined,
      ...wish,
      id,
      name: nameIn(id),
      uniqueId: random.guid(),
      createdAt: Date.now(),
    }),
  );
}

function addPlacementGroup({ placementGroups, vms }: World, id: string, location: string): void {
  if (placementGroups.find(id)) return;
  placementGroups.add(placementGroup({ id, name: nameIn(id), location }, vms));
}

function availabilitySet({ availabilitySets }: World, id: string, { location }: Vm) {
  const spec = { id, name: nameIn(id), location };
  return availabilitySets.find(id) ?? availabilitySets.add(new AvailabilitySet(spec));
}

function addInterface(world: World, vm: Vm, publicIp: VmDescription['publicIp']): void {
  const { networkInterfaces, publicAddresses } = world;
  const id = networkInterfaceOf(vm.id);
  const name = nameIn(id);
  const address = publicIp ? `${vm.name}-ip` : undefined;
  const place = parseResourceId(id);
  const publicAddressId = address && place ? publicAddresses.idOf(place, address) : undefined;
  const nic = networkInterfaces.add(
    new NetworkInterface({
      id,
      name,
      location: vm.location,
      guid: vm.spec.vmId,
      vmId: vm.id,
      privateAddress: privateAddressOf(networkInterfaces.size),
      publicAddressId,
    }),
  );
  if (!publicAddressId || !address) return;
  publicAddresses.add(
    new PublicAddress(
      {
        id: publicAddressId,
        name: address,
        location: vm.location,
        guid: vm.spec.vmId,
        allocation: publicIp === 'static' ? 'Static' : 'Dynamic',
        configurationId: nic.configurationId,
        start: Math.floor(world.random.at(publicAddressId) * 65_536),
      },
      vm,
    ),
  );
}

function addSchedule({ shutdownSchedules }: World, vm: Vm, time: string): void {
  const place = parseResourceId(vm.id);
  if (!place) return;
  const name = `shutdown-computevm-${vm.name}`;
  shutdownSchedules.add(
    new ShutdownSchedule({
      id: shutdownSchedules.idOf(place, name),
      name,
      location: vm.location,
      guid: vm.spec.vmId,
      createdAt: vm.spec.createdAt,
      vmId: vm.id,
      time,
      timeZone: 'UTC',
      enabled: true,
    }),
  );
}

function nameIn(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
