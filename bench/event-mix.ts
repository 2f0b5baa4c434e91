/** What one event of the mix is about. */
export interface MixedEvent {
  readonly operationName: string;
  readonly eventType: string;
  readonly resourceUri: string;
}

/**
 * Operations of a busy subscription, with their share in ten thousand.
 *
 * An assumption, made to be hard: deployments, policies and agents write all day, and disks and
 * virtual machines are rarely written. Nothing recorded tells the shares.
 */
const MIX: readonly (readonly [share: number, operation: string, type: string])[] = [
  [2600, 'Microsoft.Resources/deployments/write', 'deployments'],
  [1700, 'Microsoft.Authorization/policies/deployIfNotExists/action', 'policies'],
  [1200, 'Microsoft.Compute/virtualMachines/extensions/write', 'virtualMachines/vm-1/extensions'],
  [1000, 'Microsoft.Storage/storageAccounts/listKeys/action', 'storageAccounts'],
  [900, 'Microsoft.Network/networkInterfaces/write', 'networkInterfaces'],
  [800, 'Microsoft.Resources/tags/write', 'tags'],
  [600, 'Microsoft.Insights/diagnosticSettings/write', 'diagnosticSettings'],
  [400, 'Microsoft.Compute/snapshots/write', 'snapshots'],
  [300, 'Microsoft.Web/sites/config/write', 'sites'],
  [200, 'Microsoft.Compute/virtualMachines/start/action', 'virtualMachines'],
  [150, 'Microsoft.Network/networkSecurityGroups/write', 'networkSecurityGroups'],
  [80, 'Microsoft.Compute/disks/beginGetAccess/action', 'disks'],
  [30, 'Microsoft.Compute/disks/write', 'disks'],
  [20, 'Microsoft.Compute/virtualMachines/deallocate/action', 'virtualMachines'],
  [20, 'Microsoft.Compute/virtualMachines/write', 'virtualMachines'],
];

const TOTAL = MIX.reduce((sum, [share]) => sum + share, 0);

/** The n-th event of the mix: the same in every run, spread evenly. */
export function mixedEvent(subscriptionId: string, place: number): MixedEvent {
  // 7919 is prime to the total, so that each of it comes once before any comes twice.
  let at = (place * 7919) % TOTAL;
  for (const [share, operationName, type] of MIX) {
    at -= share;
    if (at < 0) {
      const [provider] = operationName.split('/');
      const eventType = `Microsoft.Resources.Resource${/\/action$/.test(operationName) ? 'Action' : 'Write'}Success`;
      const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-${place % 40}`;
      const resourceUri = `${group}/providers/${provider}/${type}/resource-${place % 500}`;
      return { operationName, eventType, resourceUri };
    }
  }
  throw new Error('The shares do not add up.');
}

/** As Event Grid delivers it: an array of one. */
export function deliveryBody(event: MixedEvent, subscriptionId: string, place: number): string {
  const { operationName, eventType, resourceUri } = event;
  const id = `00000000-0000-4000-a000-${String(place).padStart(12, '0')}`;
  return JSON.stringify([
    {
      subject: resourceUri,
      eventType,
      eventTime: '2026-03-01T08:00:00.1234567Z',
      id,
      data: {
        authorization: {
          scope: resourceUri,
          action: operationName,
          evidence: { role: 'Contributor', principalId: id, principalType: 'ServicePrincipal' },
        },
        claims: { aud: 'https://management.azure.com/', appid: id, ver: '1.0' },
        correlationId: id,
        httpRequest: { clientRequestId: id, method: 'PUT', url: resourceUri },
        resourceProvider: operationName.split('/')[0],
        resourceUri,
        operationName,
        status: 'Succeeded',
        subscriptionId,
        tenantId: id,
      },
      dataVersion: '2',
      metadataVersion: '1',
      topic: `/subscriptions/${subscriptionId}`,
    },
  ]);
}
