import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { type Route, route } from '../arm/route.ts';
import type { Inventory } from './inventory.ts';

const PROVIDERS = '/subscriptions/:subscription/providers';
const REGIONS = ['East US', 'West US', 'North Europe', 'West Europe'];

/** Versions of a type, newest first, as far as clients of today and Azure CLI 2.45 ask for them. */
const TYPES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'Microsoft.Authorization': {
    locks: ['2020-05-01', '2016-09-01'],
    roleAssignments: ['2022-04-01', '2020-04-01-preview'],
    roleDefinitions: ['2022-04-01', '2018-01-01-preview'],
  },
  'Microsoft.Compute': {
    availabilitySets: ['2025-04-01', '2024-07-01', '2022-11-01'],
    disks: ['2025-01-02', '2024-03-02', '2023-04-02', '2022-07-02'],
    diskEncryptionSets: ['2025-01-02', '2024-03-02', '2022-07-02', '2022-03-02'],
    proximityPlacementGroups: ['2025-04-01', '2024-07-01', '2022-11-01'],
    restorePointCollections: ['2025-04-01', '2024-07-01', '2022-11-01'],
    skus: ['2021-07-01'],
    snapshots: ['2025-01-02', '2024-03-02', '2022-07-02', '2022-03-02'],
    virtualMachineScaleSets: ['2025-04-01', '2024-07-01', '2022-11-01'],
    virtualMachines: ['2025-04-01', '2024-07-01', '2022-11-01', '2020-06-01'],
  },
  'Microsoft.DevTestLab': { schedules: ['2018-09-15'] },
  'Microsoft.EventGrid': {
    eventSubscriptions: ['2022-06-15'],
    systemTopics: ['2022-06-15'],
    topics: ['2022-06-15'],
  },
  'Microsoft.KeyVault': { vaults: ['2023-07-01', '2022-07-01'] },
  'Microsoft.Network': { networkInterfaces: ['2022-07-01'], publicIPAddresses: ['2022-07-01'] },
  'Microsoft.RecoveryServices': {
    replicationProtectedItems: ['2024-10-01', '2023-08-01'],
    vaults: ['2024-04-01'],
  },
  'Microsoft.Resources': { resourceGroups: ['2021-04-01'], tags: ['2021-04-01', '2019-10-01'] },
  'Microsoft.Storage': { storageAccounts: ['2023-05-01', '2022-09-01'] },
};

/** What can be made, and at which version. Source: REST reference, Providers – List, Get. */
export function providerRoutes(inventory: Inventory): readonly Route[] {
  return [
    route('GET', PROVIDERS, ({ params }) => {
      inventory.requireSubscription(params.subscription);
      return answer(200, {
        value: Object.keys(TYPES).map((namespace) => provider(params.subscription, namespace)),
      });
    }),
    route('GET', `${PROVIDERS}/:namespace`, ({ params }) => {
      inventory.requireSubscription(params.subscription);
      const wanted = params.namespace.toLowerCase();
      const found = Object.keys(TYPES).find((namespace) => namespace.toLowerCase() === wanted);
      if (found) return answer(200, provider(params.subscription, found));
      throw new ArmError(
        404,
        'InvalidResourceNamespace',
        `The resource namespace '${params.namespace}' is invalid.`,
        { headers: { 'x-ms-failure-cause': 'gateway' } },
      );
    }),
  ];
}

function provider(subscription: string, namespace: string): object {
  return {
    id: `/subscriptions/${subscription}/providers/${namespace}`,
    namespace,
    resourceTypes: Object.entries(TYPES[namespace] ?? {}).map(([resourceType, apiVersions]) => ({
      resourceType,
      locations: REGIONS,
      apiVersions,
      capabilities: 'SupportsTags, SupportsLocation',
    })),
    registrationState: 'Registered',
    registrationPolicy: 'RegistrationRequired',
  };
}
