import { type ArmConnection, armClients } from './arm/arm-clients.ts';
import { armRequest } from './arm/arm-request.ts';
import { permissionCalls } from './authorization/permissions.ts';
import { policyCalls } from './authorization/policies.ts';
import type { Azure } from './azure.ts';
import { diskCalls } from './compute/disks.ts';
import { virtualMachineCalls } from './compute/virtual-machines.ts';
import { resourceGraphCalls } from './graph/resource-graph.ts';
import { keyCalls } from './keyvault/keys.ts';
import { vaultCalls } from './keyvault/vaults.ts';
import { managementGroupCalls } from './resources/management-groups.ts';
import { resourceGroupCalls } from './resources/resource-groups.ts';
import { surroundingsCalls } from './surroundings.ts';

/** Everything that keyturn asks of Azure, over the SDKs. Opens no connection until it is used. */
export function connectAzure(connection: ArmConnection): Azure {
  const clients = armClients(connection);
  const request = armRequest(connection);
  return {
    ...diskCalls(clients),
    ...virtualMachineCalls(clients),
    ...resourceGroupCalls(request),
    ...managementGroupCalls(request),
    ...permissionCalls(request),
    ...policyCalls(request),
    ...vaultCalls(request, clients),
    ...surroundingsCalls(request, clients),
    ...resourceGraphCalls(clients),
    ...keyCalls(connection),
  };
}
