import type { ReplicatedVm } from '../../domain/gate/vm-facts.ts';
import type { ArmClients } from '../arm/arm-clients.ts';
import { askForList } from '../arm/ask-for-list.ts';
import { mapped, propertiesOf } from '../arm/list-all.ts';
import { linesOf, type Resource } from '../arm/pages.ts';
import { remember } from '../arm/remember.ts';
import type { Azure } from '../azure.ts';

/**
 * VMs that Azure Site Recovery copies, by Resource Graph; all VMs share the list.
 *
 * Their vault is in another region, and may be in another subscription: so all are searched that
 * keyturn may read, and what it may not read is not seen.
 */
export function replicatedVmCalls({
  resourceGraph,
}: Pick<ArmClients, 'resourceGraph'>): Pick<Azure, 'listReplicatedVms'> {
  const replicated = remember(async () => {
    const all = await askForList('search Resource Graph for replicated VMs', () =>
      linesOf(resourceGraph, null, REPLICATED, (_what, call) => call()),
    );
    return mapped(all, (found) => found.flatMap(toReplicatedVm));
  });
  return { listReplicatedVms: () => replicated('') };
}

const REPLICATED =
  "RecoveryServicesResources | where type =~ 'microsoft.recoveryservices/vaults/replicationfabrics/replicationprotectioncontainers/replicationprotecteditems'";

/** Source: REST reference, Site Recovery, Replication Protected Items, `A2AReplicationDetails`. */
interface Details {
  readonly instanceType?: string;
  readonly fabricObjectId?: string;
  readonly recoveryFabricLocation?: string;
}

function toReplicatedVm(item: Resource): readonly ReplicatedVm[] {
  const { providerSpecificDetails: details } = propertiesOf<{
    readonly providerSpecificDetails: Details;
  }>(item);
  if (details?.instanceType !== 'A2A' || !details.fabricObjectId) return [];
  return [{ vmId: details.fabricObjectId, copyIn: details.recoveryFabricLocation ?? null }];
}
