import type { VmDescription } from '@keyturn/azure-simulator/estate-description';
import type { Resource } from '../../azure/arm/pages.ts';
import type { Subscription } from '../../azure/resources/read-subscription.ts';
import { known, lastOf, listAt, textAt } from './json.ts';

type Around = Pick<VmDescription, 'publicIp' | 'autoShutdown'>;

/** What machines have and do not show themselves; the machine as Azure shows it. */
export type AroundOf = (machine: Resource) => Around;

/** Addresses through interfaces, and shutdown schedules; their time zone is taken for UTC. */
export function machinesAround(
  read: Pick<Subscription, 'networkInterfaces' | 'publicAddresses' | 'shutdownSchedules'>,
): AroundOf {
  const interfaces = byId(read.networkInterfaces);
  const addresses = byId(read.publicAddresses);
  const shutdowns = new Map(
    read.shutdownSchedules.filter(shutsDown).map((schedule) => {
      const machineId = textAt(schedule, 'properties.targetResourceId') ?? '';
      return [machineId.toLowerCase(), textAt(schedule, 'properties.dailyRecurrence.time')];
    }),
  );
  const allocationsOf = (machine: Resource) =>
    listAt(machine, 'properties.networkProfile.networkInterfaces')
      .map((it) => interfaces.get(textAt(it, 'id')?.toLowerCase() ?? ''))
      .flatMap((it) => listAt(it, 'properties.ipConfigurations'))
      .map((it) => textAt(it, 'properties.publicIPAddress.id')?.toLowerCase() ?? '')
      .map((id) => textAt(addresses.get(id), 'properties.publicIPAllocationMethod'));
  return (machine) =>
    known({
      publicIp: publicIpIn(allocationsOf(machine)),
      autoShutdown: shutdowns.get(machine.id.toLowerCase()),
    });
}

/** What a machine says of its place: capacity that is its own, or may be taken from it. */
export function placementOf(
  machine: Resource,
): Pick<VmDescription, 'spot' | 'dedicatedHost' | 'capacityReservation'> {
  const host = textAt(machine, 'properties.host.id');
  const group = textAt(machine, 'properties.hostGroup.id');
  const reservation = 'properties.capacityReservation.capacityReservationGroup.id';
  const reserved = textAt(machine, reservation);
  const isSpot = textAt(machine, 'properties.priority') === 'Spot';
  const eviction: VmDescription['spot'] =
    textAt(machine, 'properties.evictionPolicy') === 'Delete' ? 'Delete' : 'Deallocate';
  return known({
    spot: isSpot ? eviction : undefined,
    dedicatedHost: host ? hostIn(host) : group && lastOf(group),
    capacityReservation: reserved && lastOf(reserved),
  });
}

function hostIn(id: string): string {
  const [, group, host] = /\/hostGroups\/([^/]+)\/hosts\/([^/]+)$/i.exec(id) ?? [];
  return group && host ? `${group}/${host}` : lastOf(id);
}

/** A dynamic one is what a machine can lose. */
function publicIpIn(allocations: readonly (string | undefined)[]): VmDescription['publicIp'] {
  if (allocations.includes('Dynamic')) return 'dynamic';
  return allocations.includes('Static') ? 'static' : undefined;
}

function shutsDown(schedule: Resource): boolean {
  return (
    textAt(schedule, 'properties.taskType') === 'ComputeVmShutdownTask' &&
    textAt(schedule, 'properties.status') === 'Enabled'
  );
}

function byId(resources: readonly Resource[]): ReadonlyMap<string, Resource> {
  return new Map(resources.map((it) => [it.id.toLowerCase(), it]));
}
