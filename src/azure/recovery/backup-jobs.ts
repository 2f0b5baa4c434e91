import type { RunningBackup } from '../../domain/gate/vm-facts.ts';
import type { ArmClients } from '../arm/arm-clients.ts';
import { askForList } from '../arm/ask-for-list.ts';
import { mapped, propertiesOf } from '../arm/list-all.ts';
import { linesOf, type Resource } from '../arm/pages.ts';
import { placeOf } from '../arm/place-of.ts';
import { remember } from '../arm/remember.ts';
import type { Azure } from '../azure.ts';

/** Jobs of Azure Backup, by Resource Graph; the VMs of a subscription share the list. */
export function backupJobCalls({
  resourceGraph,
}: Pick<ArmClients, 'resourceGraph'>): Pick<Azure, 'listRunningBackups'> {
  const running = remember(async (subscriptionId) => {
    const all = await askForList('search Resource Graph for backup jobs', () =>
      linesOf(resourceGraph, subscriptionId, RUNNING_BACKUPS, (_what, call) => call()),
    );
    return mapped(all, (found) => found.flatMap(toBackup));
  });
  return { listRunningBackups: (vmId) => running(placeOf(vmId).subscriptionId) };
}

const RUNNING_BACKUPS =
  "RecoveryServicesResources | where type =~ 'microsoft.recoveryservices/vaults/backupjobs' | where properties.status =~ 'InProgress'";

/** A container is called `iaasvmcontainerv2;GROUP;VM`. */
function toBackup(job: Resource): readonly RunningBackup[] {
  const { containerName = '' } = propertiesOf<{ readonly containerName: string }>(job);
  const [resourceGroup, vmName] = containerName.split(';').slice(-2);
  return resourceGroup && vmName ? [{ resourceGroup, vmName }] : [];
}
