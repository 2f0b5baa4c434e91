import type { ResourceBody } from '../resources/resource.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';

export const INTERFACE_TYPE = 'Microsoft.Network/networkInterfaces';

interface InterfaceSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly guid: string;
  /** ARM ID of the machine that holds it. */
  readonly vmId: string;
  readonly privateAddress: string;
  /** ARM ID, or `undefined` where it has no public address. */
  readonly publicAddressId: string | undefined;
}

/** The network interface of a machine. Source: REST reference, Network Interfaces – Get. */
export class NetworkInterface extends TrackedResource<InterfaceSpec> {
  readonly type = INTERFACE_TYPE;

  get configurationId(): string {
    return `${this.id}/ipConfigurations/ipconfig1`;
  }

  body(): ResourceBody {
    const { guid, vmId, privateAddress, publicAddressId } = this.spec;
    const etag = `W/"${guid}"`;
    return {
      ...this.head(),
      ...{ etag },
      properties: {
        provisioningState: 'Succeeded',
        resourceGuid: guid,
        ipConfigurations: [
          {
            name: 'ipconfig1',
            id: this.configurationId,
            etag,
            type: `${INTERFACE_TYPE}/ipConfigurations`,
            properties: {
              provisioningState: 'Succeeded',
              privateIPAddress: privateAddress,
              privateIPAllocationMethod: 'Dynamic',
              ...(publicAddressId ? { publicIPAddress: { id: publicAddressId } } : {}),
              subnet: { id: subnetBeside(this.id) },
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
        virtualMachine: { id: vmId },
        hostedWorkloads: [],
        tapConfigurations: [],
        nicType: 'Standard',
      },
    };
  }
}

/** The one subnet of a group, which is named and not simulated. */
export function subnetBeside(id: string): string {
  const [group = ''] = id.split('/providers/');
  return `${group}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/default`;
}
