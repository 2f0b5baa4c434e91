import { type ArmConnection, armClients } from './arm-clients.ts';
import { armRequest } from './arm-request.ts';
import type { Azure } from './azure.ts';
import { diskCalls } from './disks.ts';
import { keyCalls } from './keys.ts';
import { managementGroupCalls } from './management-groups.ts';
import { permissionCalls } from './permissions.ts';
import { policyCalls } from './policies.ts';
import { resourceGraphCalls } from './resource-graph.ts';
import { resourceGroupCalls } from './resource-groups.ts';
import { surroundingsCalls } from './surroundings.ts';
import { vaultCalls } from './vaults.ts';
import { virtualMachineCalls } from './virtual-machines.ts';

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
