import type { Driven } from './driven.ts';

const AUTHORIZATION = '/providers/Microsoft.Authorization';
const CMK_REQUIRED = '702dd420-7fcc-42c5-afe8-4026edd20fe0';
const VERSION = 'api-version=2023-04-01';

/** Policies, and what the caller may do. */
export async function driveGovernance({ arm, simulator }: Driven): Promise<void> {
  const definition = `${AUTHORIZATION}/policyDefinitions/own?${VERSION}`;
  const assignment = `${AUTHORIZATION}/policyAssignments/own?${VERSION}`;
  const policyDefinitionId = `/subscriptions/${simulator.subscriptionId}${AUTHORIZATION}/policyDefinitions/own`;
  const policyRule = Object.fromEntries([
    ['if', { field: 'location', notIn: "[parameters('regions')]" }],
    ['then', { effect: 'deny' }],
  ]);
  const parameters = { regions: { type: 'Array' } };

  await arm('PUT', definition, {
    properties: { mode: 'All', displayName: 'Regions', metadata: {}, parameters, policyRule },
  });
  await arm('GET', definition);
  await arm('GET', `${AUTHORIZATION}/policyDefinitions?${VERSION}`);
  await arm('GET', `${AUTHORIZATION}/policyDefinitions/${CMK_REQUIRED}?${VERSION}`);
  await arm('PUT', assignment, {
    properties: { policyDefinitionId, parameters: { regions: { value: ['westeurope'] } } },
  });
  await arm('GET', assignment);
  await arm('PUT', '/resourceGroups/rg-far?api-version=2024-07-01', { location: 'eastus' });
  await arm('GET', `${AUTHORIZATION}/policyAssignments?${VERSION}`);
  await arm('GET', `/resourceGroups/rg-erp${AUTHORIZATION}/policyAssignments?${VERSION}`);
  await arm('DELETE', assignment);
  await arm('DELETE', assignment);
  await arm('DELETE', definition);
  await arm('GET', `/resourceGroups/rg-erp${AUTHORIZATION}/permissions?api-version=2022-04-01`);
}
