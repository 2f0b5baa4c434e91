import { answer } from '../arm/answer.ts';
import { resourceNotFound } from '../arm/arm-error.ts';
import { withGroup } from '../arm/resource-id.ts';
import { type Route, route } from '../arm/route.ts';
import type { Vm } from '../compute/vm.ts';
import { networkInterfaceOf } from '../compute/vm-body.ts';
import { type Collection, isIn, type Place } from '../resources/inventory.ts';

const SUBSCRIPTION = '/subscriptions/:subscription';
const GROUP = `${SUBSCRIPTION}/resourceGroups/:group` as const;
const NETWORK = 'providers/Microsoft.Network';
const NIC_TYPE = 'Microsoft.Network/networkInterfaces';
const ADDRESS_TYPE = 'Microsoft.Network/publicIPAddresses';

/**
 * The network interface that each virtual machine names, as far as it is read to show addresses.
 * No machine of the estate has a public address.
 *
 * Source: REST reference, Network Interfaces – Get; Public IP Addresses – List.
 */
export function networkRoutes(vms: Collection<Vm>): readonly Route[] {
  const interfaces = (place: Place) => {
    // Counted in the whole subscription, so that an address is the same in every list.
    const all = vms.list({ subscription: place.subscription }).map(interfaceBody);
    return all.filter(({ id }) => isIn(id, place));
  };
  const { inventory } = vms;
  return [
    route('GET', `${SUBSCRIPTION}/${NETWORK}/networkInterfaces`, ({ params }) => {
      inventory.requireSubscription(params.subscription);
      return answer(200, { value: interfaces(params) });
    }),
    route('GET', `${GROUP}/${NETWORK}/networkInterfaces`, ({ params }) => {
      inventory.requireGroup(params);
      return answer(200, { value: interfaces(params) });
    }),
    route('GET', `${GROUP}/${NETWORK}/networkInterfaces/:nic`, ({ params, url }) => {
      inventory.requireGroup(params);
      const wanted = decodeURIComponent(url.pathname).toLowerCase();
      const found = interfaces(params).find(({ id }) => id.toLowerCase() === wanted);
      if (!found) throw resourceNotFound(NIC_TYPE, params.nic, params.group);
      return answer(200, { ...found, id: withGroup(found.id, params.group) });
    }),
    route('GET', `${SUBSCRIPTION}/${NETWORK}/publicIPAddresses`, ({ params }) => {
      inventory.requireSubscription(params.subscription);
      return answer(200, { value: [] });
    }),
    route('GET', `${GROUP}/${NETWORK}/publicIPAddresses`, ({ params }) => {
      inventory.requireGroup(params);
      return answer(200, { value: [] });
    }),
    route('GET', `${GROUP}/${NETWORK}/publicIPAddresses/:address`, ({ params }) => {
      inventory.requireGroup(params);
      throw resourceNotFound(ADDRESS_TYPE, params.address, params.group);
    }),
  ];
}

function interfaceBody(vm: Vm, index: number) {
  const id = networkInterfaceOf(vm.id);
  const etag = `W/"${vm.spec.vmId}"`;
  const subnet = `${id.slice(0, id.indexOf('/networkInterfaces/'))}/virtualNetworks/vnet/subnets/default`;
  return {
    name: id.slice(id.lastIndexOf('/') + 1),
    id,
    etag,
    location: vm.location,
    properties: {
      provisioningState: 'Succeeded',
      resourceGuid: vm.spec.vmId,
      ipConfigurations: [
        {
          name: 'ipconfig1',
          id: `${id}/ipConfigurations/ipconfig1`,
          etag,
          type: `${NIC_TYPE}/ipConfigurations`,
          properties: {
            provisioningState: 'Succeeded',
            privateIPAddress: `10.0.${Math.floor(index / 250)}.${4 + (index % 250)}`,
            privateIPAllocationMethod: 'Dynamic',
            subnet: { id: subnet },
            primary: true,
            privateIPAddressVersion: 'IPv4',
          },
        },
      ],
      dnsSettings: { dnsServers: [], appliedDnsServers: [] },
      macAddress: '00-0D-3A-00-00-00',
      enableAcceleratedNetworking: false,
      enableIPForwarding: false,
      primary: true,
      virtualMachine: { id: vm.id },
      hostedWorkloads: [],
      tapConfigurations: [],
      nicType: 'Standard',
    },
    type: NIC_TYPE,
  };
}
