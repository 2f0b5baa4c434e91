import { tagValue } from '../azure/tags.ts';
import type { Vm } from '../azure/vm.ts';
import type { ConversionPolicy } from '../policy/conversion-policy.ts';
import type { Cap } from './lease.ts';

/** VMs with the same value of this tag are off one at a time: domain controllers, cluster nodes. */
const GROUP_TAG = 'keyturn:group';

/** All that a VM shares with others, with how many may be off of it at once. */
export function capsOf(
  vm: Pick<Vm, 'region' | 'availabilitySetId' | 'scaleSetId' | 'zone' | 'tags'>,
  setIds: readonly string[],
  { caps }: Pick<ConversionPolicy, 'caps'>,
): readonly Cap[] {
  const { availabilitySetId, scaleSetId, zone } = vm;
  const region = vm.region.toLowerCase();
  const sets = [...new Set(setIds.map((id) => id.toLowerCase()))];
  const group = tagValue(vm.tags, GROUP_TAG)?.trim().toLowerCase() ?? '';
  return [
    { key: 'vms', limit: caps.vms },
    { key: `region/${region}`, limit: caps.perRegion },
    ...keptApart('availability-set', availabilitySetId, caps.perAvailabilitySet),
    // Its members stand in for one another as those of an availability set do.
    ...keptApart('scale-set', scaleSetId, caps.perAvailabilitySet),
    ...(zone === null ? [] : [{ key: `zone/${region}/${zone}`, limit: caps.perZone }]),
    ...sets.map((id) => ({ key: `encryption-set${id}`, limit: caps.perEncryptionSet })),
    ...(group === '' ? [] : [{ key: `group/${group}`, limit: 1 }]),
  ];
}

/** Source: "Orchestration modes for virtual machine scale sets", comparison with availability sets. */
function keptApart(what: string, id: string | null, limit: number | null): readonly Cap[] {
  return id === null ? [] : [{ key: `${what}${id.toLowerCase()}`, limit }];
}
