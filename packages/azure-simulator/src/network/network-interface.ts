import type { ResourceBody } from '../resources/resource.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';

export const INTERFACE_TYPE = 'Microsoft.Network/networkInterfaces';

interface InterfaceSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly guid: string;
  /** ARM ID of the machine that holds it at first. */
  readonly vmId: string;
  readonly privateAddress: string;
  /** ARM ID, or `undefined` where it has no public address. */
  readonly publicAddressId: string | undefined;
}

const ADDRESSES_PER_NET = 250;

/** The network interface of a machine. Source: REST reference, Network Interfaces – Get. */
export class NetworkInterface extends TrackedResource<InterfaceSpec> {
  readonly type = INTERFACE_TYPE;
  /** ARM ID of the machine that holds it; `null` when none does. */
  vmId: string | null;

  constructor(spec: InterfaceSpec) {
    super(spec);
    this.vmId = spec.vmId;
  }

  get configurationId(): string {
    return `${this.id}/ipConfigurations/ipconfig1`;
  }

  body(): ResourceBody {
    const { vmId } = this;
    const { guid, privateAddress, publicAddressId } = this.spec;
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
        ...(vmId ? { virtualMachine: { id: vmId } } : {}),
        hostedWorkloads: [],
        tapConfigurations: [],
        nicType: 'Standard',
      },
    };
  }
}

/** The address of the interface that is made after so many others. */
export function privateAddressOf(index: number): string {
  return `10.0.${Math.floor(index / ADDRESSES_PER_NET)}.${4 + (index % ADDRESSES_PER_NET)}`;
}

/** The one subnet of a group, which is named and not simulated. */
export function subnetBeside(id: string): string {
  const [group = ''] = id.split('/providers/');
  return `${group}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/default`;
}
