import { tagValue } from '../azure/tags.ts';
import type { Vm } from '../azure/vm.ts';
import type { ConversionPolicy } from '../policy/conversion-policy.ts';
import type { Cap } from './lease.ts';

/** VMs with the same value of this tag are off one at a time: domain controllers, cluster nodes. */
const GROUP_TAG = 'keyturn:group';

/** All that a VM shares with others, with how many may be off of it at once. */
export function capsOf(
  vm: Pick<Vm, 'region' | 'availabilitySetId' | 'zone' | 'tags'>,
  setIds: readonly string[],
  { caps }: Pick<ConversionPolicy, 'caps'>,
): readonly Cap[] {
  const { availabilitySetId, zone } = vm;
  const region = vm.region.toLowerCase();
  const sets = [...new Set(setIds.map((id) => id.toLowerCase()))];
  const group = tagValue(vm.tags, GROUP_TAG)?.trim().toLowerCase() ?? '';
  return [
    { key: 'vms', limit: caps.vms },
    { key: `region/${region}`, limit: caps.perRegion },
    ...(availabilitySetId === null
      ? []
      : [
          {
            key: `availability-set${availabilitySetId.toLowerCase()}`,
            limit: caps.perAvailabilitySet,
          },
        ]),
    ...(zone === null ? [] : [{ key: `zone/${region}/${zone}`, limit: caps.perZone }]),
    ...sets.map((id) => ({ key: `encryption-set${id}`, limit: caps.perEncryptionSet })),
    ...(group === '' ? [] : [{ key: `group/${group}`, limit: 1 }]),
  ];
}
