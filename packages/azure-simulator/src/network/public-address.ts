import type { Vm } from '../compute/vm.ts';
import type { ResourceBody } from '../resources/resource.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';

export const ADDRESS_TYPE = 'Microsoft.Network/publicIPAddresses';

interface AddressSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly guid: string;
  readonly allocation: 'Static' | 'Dynamic';
  /** ARM ID of the interface's configuration that has it. */
  readonly configurationId: string;
  /** 0 to 65,535: where in the range its addresses begin. */
  readonly start: number;
}

/**
 * The public address of a machine. A dynamic one is given back at deallocation, and another one is
 * taken at the next start; a static one stays.
 *
 * Source: "Public IP addresses", allocation; which other address comes is assumed, the range is the
 * one for benchmarks, RFC 2544.
 */
export class PublicAddress extends TrackedResource<AddressSpec> {
  readonly type = ADDRESS_TYPE;
  readonly #vm: Vm;

  constructor(spec: AddressSpec, vm: Vm) {
    super(spec);
    this.#vm = vm;
  }

  /** `undefined` while there is none. */
  get address(): string | undefined {
    const { allocation, start } = this.spec;
    if (allocation === 'Static') return addressAt(start);
    if (this.#vm.power === 'deallocated') return undefined;
    return addressAt(start + this.#vm.deallocations);
  }

  body(): ResourceBody {
    const { guid, allocation, configurationId } = this.spec;
    const { address } = this;
    const isStatic = allocation === 'Static';
    return {
      ...this.head(),
      ...{ etag: `W/"${guid}"` },
      ...(isStatic ? { zones: ['1', '2', '3'] } : {}),
      sku: { name: isStatic ? 'Standard' : 'Basic', tier: 'Regional' },
      properties: {
        provisioningState: 'Succeeded',
        resourceGuid: guid,
        ...(address ? { ipAddress: address } : {}),
        publicIPAddressVersion: 'IPv4',
        publicIPAllocationMethod: allocation,
        idleTimeoutInMinutes: 4,
        ipTags: [],
        ipConfiguration: { id: configurationId },
      },
    };
  }
}

function addressAt(offset: number): string {
  return `198.18.${Math.floor(offset / 256) % 256}.${offset % 256}`;
}
