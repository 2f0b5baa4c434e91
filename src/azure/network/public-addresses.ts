import type { PublicAddress } from '../../domain/gate/vm-facts.ts';
import type { ArmRequest } from '../arm/arm-request.ts';
import { listAll, mapped, propertiesOf } from '../arm/list-all.ts';
import type { Resource } from '../arm/pages.ts';
import { placeOf } from '../arm/place-of.ts';
import { remember } from '../arm/remember.ts';
import type { Azure } from '../azure.ts';

/** Source: REST reference, Virtual networks, Public IP addresses. */
const VERSION = '2024-05-01';

/** Public IP addresses; the VMs of a subscription share the list. */
export function publicAddressCalls(request: ArmRequest): Pick<Azure, 'listDynamicAddresses'> {
  const listed = remember(async (subscriptionId) => {
    const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Network/publicIPAddresses`;
    const all = await listAll(request, 'list public IP addresses', path, VERSION);
    return mapped(all, (found) => found.flatMap(toDynamicAddress));
  });
  return { listDynamicAddresses: (vmId) => listed(placeOf(vmId).subscriptionId) };
}

interface AddressProperties {
  readonly publicIPAllocationMethod: string;
  readonly ipConfiguration: { readonly id?: string };
}

function toDynamicAddress(address: Resource): readonly PublicAddress[] {
  const { publicIPAllocationMethod, ipConfiguration } = propertiesOf<AddressProperties>(address);
  const [networkInterfaceId] = ipConfiguration?.id?.split(/\/ipConfigurations\//i) ?? [];
  if (publicIPAllocationMethod !== 'Dynamic' || !networkInterfaceId) return [];
  return [{ id: address.id, networkInterfaceId }];
}
