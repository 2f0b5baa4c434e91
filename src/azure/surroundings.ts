import { sameId } from '../domain/azure/arm-id.ts';
import type { MachineSize, PublicAddress, RunningBackup } from '../domain/gate/vm-facts.ts';
import type { ArmClients } from './arm/arm-clients.ts';
import type { ArmRequest } from './arm/arm-request.ts';
import { askForList } from './arm/ask-for-list.ts';
import { listAll, mapped, propertiesOf } from './arm/list-all.ts';
import { linesOf, type Resource } from './arm/pages.ts';
import { placeOf } from './arm/place-of.ts';
import { remember } from './arm/remember.ts';
import type { Azure } from './azure.ts';

/** Source: REST reference of each service. */
const ADDRESSES = '2024-05-01';
const SCHEDULES = '2018-09-15';
const SKUS = '2021-07-01';
/** The list is long, and changes seldom. */
const SIZES_FRESH_MS = 15 * 60_000;

type Around = 'listDynamicAddresses' | 'listScheduledVms' | 'listRunningBackups' | 'listSizes';

/** What surrounds a VM and suffers when it is switched off; VMs of a subscription share the lists. */
export function surroundingsCalls(
  request: ArmRequest,
  { resourceGraph }: ArmClients,
): Pick<Azure, Around> {
  const list = (operation: string, subscriptionId: string, path: string, apiVersion: string) =>
    listAll(request, operation, `/subscriptions/${subscriptionId}/providers/${path}`, apiVersion);

  const addressesIn = remember(async (id) => {
    const path = 'Microsoft.Network/publicIPAddresses';
    const all = await list('list public IP addresses', id, path, ADDRESSES);
    return mapped(all, (found) => found.flatMap(toDynamicAddress));
  });
  const scheduledIn = remember(async (id) => {
    const path = 'Microsoft.DevTestLab/schedules';
    const all = await list('list shutdown schedules', id, path, SCHEDULES);
    return mapped(all, (found) => found.flatMap(toScheduledVm));
  });
  const backupsIn = remember(async (id) => {
    const all = await askForList('search Resource Graph for backup jobs', () =>
      linesOf(resourceGraph, id, RUNNING_BACKUPS, (_what, call) => call()),
    );
    return mapped(all, (found) => found.flatMap(toBackup));
  });
  const sizesIn = remember(async (place) => {
    const [id = '', region = ''] = place.split(' ');
    const path = `Microsoft.Compute/skus?$filter=location eq '${region}'`;
    const all = await list('list sizes', id, path, SKUS);
    return mapped(all, (found) => found.flatMap((sku) => toSize(sku, region)));
  }, SIZES_FRESH_MS);

  return {
    listDynamicAddresses: (vmId) => addressesIn(placeOf(vmId).subscriptionId),
    listScheduledVms: (vmId) => scheduledIn(placeOf(vmId).subscriptionId),
    listRunningBackups: (vmId) => backupsIn(placeOf(vmId).subscriptionId),
    listSizes: ({ id, region }) => sizesIn(`${placeOf(id).subscriptionId} ${region}`),
  };
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

interface ScheduleProperties {
  readonly status: string;
  readonly taskType: string;
  readonly targetResourceId: string;
}

function toScheduledVm(schedule: Resource): readonly string[] {
  const { status, taskType, targetResourceId } = propertiesOf<ScheduleProperties>(schedule);
  const isOn = status === 'Enabled' && taskType === 'ComputeVmShutdownTask';
  return isOn && targetResourceId ? [targetResourceId] : [];
}

const RUNNING_BACKUPS =
  "RecoveryServicesResources | where type =~ 'microsoft.recoveryservices/vaults/backupjobs' | where properties.status =~ 'InProgress'";

/** A container is called `iaasvmcontainerv2;GROUP;VM`. */
function toBackup(job: Resource): readonly RunningBackup[] {
  const { containerName = '' } = propertiesOf<{ readonly containerName: string }>(job);
  const [resourceGroup, vmName] = containerName.split(';').slice(-2);
  return resourceGroup && vmName ? [{ resourceGroup, vmName }] : [];
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
