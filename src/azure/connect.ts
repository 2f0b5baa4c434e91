import { type ArmConnection, armClients } from './arm/arm-clients.ts';
import { armRequest } from './arm/arm-request.ts';
import { permissionCalls } from './authorization/permissions.ts';
import { policyCalls } from './authorization/policies.ts';
import type { Azure } from './azure.ts';
import { diskListCalls } from './compute/disk-lists.ts';
import { diskCalls } from './compute/disks.ts';
import { scaleSetCalls } from './compute/scale-sets.ts';
import { sizeCalls } from './compute/sizes.ts';
import { virtualMachineCalls } from './compute/virtual-machines.ts';
import { shutdownScheduleCalls } from './devtestlab/shutdown-schedules.ts';
import { resourceGraphCalls } from './graph/resource-graph.ts';
import { keyCalls } from './keyvault/keys.ts';
import { vaultCalls } from './keyvault/vaults.ts';
import { publicAddressCalls } from './network/public-addresses.ts';
import { recoveryCalls } from './recovery/recovery-resources.ts';
import { managementGroupCalls } from './resources/management-groups.ts';
import { resourceGroupCalls } from './resources/resource-groups.ts';
import { subscriptionCalls } from './resources/subscriptions.ts';

/** Everything that keyturn asks of Azure, over the SDKs. Opens no connection until it is used. */
export function connectAzure(connection: ArmConnection): Azure {
  const clients = armClients(connection);
  const request = armRequest(connection);
  return {
    ...diskCalls(clients),
    ...diskListCalls(clients),
    ...virtualMachineCalls(clients),
    ...resourceGroupCalls(request),
    ...subscriptionCalls(request),
    ...managementGroupCalls(request),
    ...permissionCalls(request),
    ...policyCalls(request),
    ...vaultCalls(request, clients),
    ...sizeCalls(request),
    ...scaleSetCalls(request),
    ...publicAddressCalls(request),
    ...shutdownScheduleCalls(request),
    ...recoveryCalls(clients),
    ...resourceGraphCalls(clients),
    ...keyCalls(connection),
  };
}
