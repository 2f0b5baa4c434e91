import { sameId } from '../../domain/azure/arm-id.ts';
import type { MachineSize } from '../../domain/gate/vm-facts.ts';
import type { ArmRequest } from '../arm/arm-request.ts';
import { listAll, mapped } from '../arm/list-all.ts';
import { placeOf } from '../arm/place-of.ts';
import { remember } from '../arm/remember.ts';
import type { Azure } from '../azure.ts';

/** Source: REST reference, Compute, Resource Skus. */
const VERSION = '2021-07-01';

/** Sizes of VMs; the VMs of a subscription share the list of a region. */
export function sizeCalls(request: ArmRequest): Pick<Azure, 'listSizes'> {
  const listed = remember(async (place) => {
    const [subscriptionId = '', region = ''] = place.split(' ');
    const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Compute/skus?$filter=location eq '${region}'`;
    const all = await listAll(request, 'list sizes', path, VERSION);
    return mapped(all, (found) => found.flatMap((sku) => toSize(sku, region)));
  });
  return { listSizes: ({ id, region }) => listed(`${placeOf(id).subscriptionId} ${region}`) };
}

interface Sku {
  readonly resourceType?: string;
  readonly name?: string;
  readonly capabilities?: readonly { readonly name?: string; readonly value?: string }[];
  readonly restrictions?: readonly Restriction[];
}

interface Restriction {
  readonly type?: string;
  readonly values?: readonly string[];
  readonly restrictionInfo?: {
    readonly locations?: readonly string[];
    readonly zones?: readonly string[];
  };
}

function toSize(shown: object, region: string): readonly MachineSize[] {
  const { resourceType, name, capabilities = [], restrictions = [] } = shown as Sku;
  if (resourceType !== 'virtualMachines' || name === undefined) return [];
  const temporary = capabilities.find((each) => each.name === 'MaxResourceVolumeMB')?.value;
  const here = restrictions.filter(({ restrictionInfo, values }) =>
    (restrictionInfo?.locations ?? values ?? []).some((each) => sameId(each, region)),
  );
  const zones = here.flatMap(({ restrictionInfo }) => restrictionInfo?.zones ?? []);
  const isWhole = here.some(({ type }) => type === 'Location');
  const restrictedIn = isWhole ? 'region' : zones.length > 0 ? zones : 'nowhere';
  return [{ name, temporaryDiskMB: Number(temporary ?? 0), restrictedIn }];
}
