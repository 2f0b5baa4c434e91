import type { EventSubscription } from '@keyturn/azure-simulator/delivery';

/** The operations whose events keyturn wants; what a subscription in Azure filters for as well. */
export const EVENT_OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  onDiskWritten: ['Microsoft.Compute/disks/write', 'Microsoft.Compute/disks/endGetAccess/action'],
  onVmWritten: [
    'Microsoft.Compute/virtualMachines/write',
    'Microsoft.Compute/virtualMachines/deallocate/action',
  ],
};

/** An Event Grid subscription of a function on this machine. */
export function deliverTo(endpoint: URL): EventSubscription {
  const name = endpoint.searchParams.get('functionName') ?? 'all';
  const operationNames = EVENT_OPERATIONS[name];
  return {
    name,
    kind: 'resources',
    schema: 'EventGridSchema',
    endpointUrl: endpoint.href,
    ...(operationNames ? { operationNames } : {}),
    deliver: (request) => fetch(request),
  };
}
