import type { ReplicatedVm, RunningBackup } from '../../domain/gate/vm-facts.ts';
import type { ArmClients } from '../arm/arm-clients.ts';
import { askForList } from '../arm/ask-for-list.ts';
import { mapped, propertiesOf } from '../arm/list-all.ts';
import { linesOf, type Resource } from '../arm/pages.ts';
import { placeOf } from '../arm/place-of.ts';
import { BRIEFLY_MS, remember } from '../arm/remember.ts';
import type { Azure } from '../azure.ts';

/**
 * Backups that are taken and VMs that Site Recovery copies, by one query of Resource Graph for all VMs.
 *
 * The vault of a copy is in another region, and may be in another subscription: so all are searched
 * that keyturn may read, and what it may not read is not seen.
 */
export function recoveryCalls({
  resourceGraph,
}: Pick<ArmClients, 'resourceGraph'>): Pick<Azure, 'listRunningBackups' | 'listReplicatedVms'> {
  const found = remember(
    () =>
      askForList('search Resource Graph for backups and replicated VMs', () =>
        linesOf(resourceGraph, null, QUERY, (_what, call) => call()),
      ),
    BRIEFLY_MS,
  );
  return {
    listRunningBackups: async (vmId) => {
      const { subscriptionId } = placeOf(vmId);
      return mapped(await found(''), (rows) =>
        rows.flatMap((row) => toBackup(row, subscriptionId)),
      );
    },
    listReplicatedVms: async () => mapped(await found(''), (rows) => rows.flatMap(toReplicatedVm)),
  };
}

const JOBS = 'microsoft.recoveryservices/vaults/backupjobs';
const ITEMS =
  'microsoft.recoveryservices/vaults/replicationfabrics/replicationprotectioncontainers/replicationprotecteditems';
const QUERY = `RecoveryServicesResources | where (type =~ '${JOBS}' and properties.status =~ 'InProgress') or type =~ '${ITEMS}'`;

/** A container is called `iaasvmcontainerv2;GROUP;VM`; a vault backs up VMs of its own subscription. */
function toBackup(row: Resource, subscriptionId: string): readonly RunningBackup[] {
  const isHere = row.id.toLowerCase().startsWith(`/subscriptions/${subscriptionId.toLowerCase()}/`);
  const { containerName = '' } = propertiesOf<{ readonly containerName: string }>(row);
  const [resourceGroup, vmName] = containerName.split(';').slice(-2);
  return isHere && resourceGroup && vmName ? [{ resourceGroup, vmName }] : [];
}

/** Source: REST reference, Site Recovery, Replication Protected Items, `A2AReplicationDetails`. */
interface Details {
  readonly instanceType?: string;
  readonly fabricObjectId?: string;
  readonly recoveryFabricLocation?: string;
}

function toReplicatedVm(row: Resource): readonly ReplicatedVm[] {
  const { providerSpecificDetails: details } = propertiesOf<{
    readonly providerSpecificDetails: Details;
  }>(row);
  if (details?.instanceType !== 'A2A' || !details.fabricObjectId) return [];
  return [{ vmId: details.fabricObjectId, copyIn: details.recoveryFabricLocation ?? null }];
}
