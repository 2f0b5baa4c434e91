import { answer } from '../arm/answer.ts';
import { type Route, route } from '../arm/route.ts';
import type { RoleStore } from '../authorization/role-store.ts';
import type { Inventory, Subscription } from './inventory.ts';

const SUBSCRIPTION = '/subscriptions/:subscription';

/** Regions by name, with what people call them and the region that each is paired with. */
const REGIONS = [
  ['eastus', 'East US', 'US', 'westus', '-79.8164', '37.3719'],
  ['westus', 'West US', 'US', 'eastus', '-122.417', '37.783'],
  ['northeurope', 'North Europe', 'Europe', 'westeurope', '-6.2597', '53.3478'],
  ['westeurope', 'West Europe', 'Europe', 'northeurope', '4.9', '52.3667'],
] as const;

/** Subscriptions, tenants, regions. Source: REST reference, Subscriptions. */
export function subscriptionRoutes(
  inventory: Inventory,
  { roles, tenantId }: { readonly roles: RoleStore; readonly tenantId: string },
): readonly Route[] {
  const show = ({ id, name, state = 'Enabled', tags }: Subscription) => ({
    id: `/subscriptions/${id}`,
    subscriptionId: id,
    tenantId,
    displayName: name,
    state,
    authorizationSource: 'RoleBased',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'EnterpriseAgreement_2014-09-01',
      spendingLimit: 'Off',
    },
    managedByTenants: [],
    ...(tags ? { tags } : {}),
  });
  return [
    route('GET', '/subscriptions', ({ caller }) => {
      const known = ({ id }: Subscription) =>
        roles.hasRoleAround(caller.objectId, `/subscriptions/${id}`);
      const value = inventory.subscriptions().filter(known).map(show);
      return answer(200, { value, count: { type: 'Total', value: value.length } });
    }),
    route('GET', SUBSCRIPTION, ({ params }) =>
      answer(200, show(inventory.requireSubscription(params.subscription))),
    ),
    route('GET', '/tenants', () =>
      answer(200, {
        value: [
          { id: `/tenants/${tenantId}`, tenantId, displayName: 'Contoso', tenantCategory: 'Home' },
        ],
      }),
    ),
    route('GET', `${SUBSCRIPTION}/locations`, ({ params }) => {
      const { id } = inventory.requireSubscription(params.subscription);
      return answer(200, { value: REGIONS.map((region) => regionBody(id, region)) });
    }),
  ];
}

function regionBody(
  subscriptionId: string,
  [name, displayName, geographyGroup, paired, longitude, latitude]: (typeof REGIONS)[number],
): object {
  const id = (region: string) => `/subscriptions/${subscriptionId}/locations/${region}`;
  return {
    id: id(name),
    name,
    type: 'Region',
    displayName,
    regionalDisplayName: `(${geographyGroup}) ${displayName}`,
    metadata: {
      regionType: 'Physical',
      regionCategory: 'Recommended',
      geographyGroup,
      longitude,
      latitude,
      physicalLocation: '',
      pairedRegion: [{ name: paired, id: id(paired) }],
    },
  };
}
