import { ComputeManagementClient } from '@azure/arm-compute';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { Cloud } from '../clouds.ts';
import { deadlinePolicy } from './deadline-policy.ts';

export interface ArmConnection {
  readonly credential: TokenCredential;
  readonly cloud: Cloud;
  /** What sends the requests; absent: the SDK's own, which honours HTTPS_PROXY. */
  readonly httpClient?: HttpClient;
}

/** The SDK clients for Azure Resource Manager, one of each kind per subscription. */
export interface ArmClients {
  compute(subscriptionId: string): ComputeManagementClient;
  readonly resourceGraph: ResourceGraphClient;
}

export function armClients(connection: ArmConnection): ArmClients {
  const { credential } = connection;
  const options = clientOptions(connection);
  return {
    compute: oncePer((id) => new ComputeManagementClient(credential, id, options)),
    resourceGraph: new ResourceGraphClient(credential, options),
  };
}

/**
 * Retries are off: an SDK was seen to sleep 900 s inside one activity at `Retry-After: 300`.
 * Waiting is the orchestrator's, on durable timers.
 */
export function clientOptions({ cloud, httpClient }: ArmConnection) {
  return {
    endpoint: cloud.resourceManager,
    credentials: { scopes: [`${cloud.resourceManager}/.default`] },
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [{ policy: deadlinePolicy, position: 'perCall' as const }],
    ...(httpClient ? { httpClient } : {}),
  };
}

function oncePer<Client>(create: (subscriptionId: string) => Client): (id: string) => Client {
  const clients = new Map<string, Client>();
  return (subscriptionId) => {
    const key = subscriptionId.toLowerCase();
    const client = clients.get(key) ?? create(key);
    clients.set(key, client);
    return client;
  };
}
