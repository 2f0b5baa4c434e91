import { armHeaders } from './arm/headers.ts';
import { operationRoutes } from './arm/operation-routes.ts';
import { refuseBadRequest } from './arm/request-rules.ts';
import { ARM_AUDIENCES, armTokenError, notAuthenticated } from './arm/token-errors.ts';
import { denyAssignmentRoutes } from './authorization/deny-assignment-routes.ts';
import { permissionRoutes } from './authorization/permission-routes.ts';
import { roleAssignmentRoutes } from './authorization/role-assignment-routes.ts';
import { roleDefinitionRoutes } from './authorization/role-definition-routes.ts';
import { policyAssignmentRoutes } from './azure-policy/assignment-routes.ts';
import { definitionRoutes } from './azure-policy/definition-routes.ts';
import { exemptionRoutes } from './azure-policy/exemption-routes.ts';
import { restrictionRoutes } from './azure-policy/restriction-routes.ts';
import { diskRoutes } from './compute/disk-routes.ts';
import { encryptionSetRoutes } from './compute/encryption-set-routes.ts';
import { placementGroupRoutes } from './compute/proximity-placement-group-routes.ts';
import { VM_RATES } from './compute/rate-policies.ts';
import { restorePointRoutes } from './compute/restore-point-routes.ts';
import { scaleSetRoutes } from './compute/scale-set-routes.ts';
import { skuRoutes } from './compute/sku-routes.ts';
import { snapshotRoutes } from './compute/snapshot-routes.ts';
import { vmExtensionRoutes } from './compute/vm-extension-routes.ts';
import { vmRoutes } from './compute/vm-routes.ts';
import { directoryHost } from './directory/directory-host.ts';
import { loginHost } from './entra/login-host.ts';
import type { Host } from './gateway.ts';
import { identityRoutes } from './identity/identity-routes.ts';
import { judgeToken } from './identity/judge-token.ts';
import type { ManagedIdentity } from './identity/tokens.ts';
import { keyVaultRoutes, vaultHosts } from './keyvault/vault-hosts.ts';
import { managementGroupRoutes } from './management/management-group-routes.ts';
import { networkRoutes } from './network/network-routes.ts';
import { recoveryRoutes } from './recovery/recovery-routes.ts';
import { graphRoutes } from './resource-graph/graph-routes.ts';
import { groupRoutes } from './resources/group-routes.ts';
import { lockRoutes } from './resources/lock-routes.ts';
import { providerRoutes } from './resources/provider-routes.ts';
import { readRoutes } from './resources/read-routes.ts';
import { resourceRoutes } from './resources/resource-routes.ts';
import { subscriptionRoutes } from './resources/subscription-routes.ts';
import { tagNameRoutes, tagRoutes } from './resources/tag-routes.ts';
import { accountRoutes } from './storage/account-routes.ts';
import { tableHost } from './storage/table-host.ts';
import type { World } from './world.ts';

const IDENTITY_HOSTS = new Set(['127.0.0.1', 'localhost', '169.254.169.254']);

/** The host names that are answered for. */
export function hostsOf(world: World, identity: ManagedIdentity): readonly Host[] {
  return [
    resourceManager(world),
    ...vaultHosts(world),
    tableHost(world),
    directoryHost(world, identity),
    loginHost(world.tenantId, world.signingKey),
    identityEndpoint(identity),
  ];
}

function resourceManager(world: World): Host {
  const { inventory, operations, sets, disks, tenantId } = world;
  return {
    serves: ({ hostname }) => hostname === 'management.azure.com',
    isResourceManager: true,
    judgeCaller: (authorization) => {
      if (authorization === undefined) return notAuthenticated(tenantId);
      const now = Date.now();
      const fault = judgeToken(authorization, { audiences: ARM_AUDIENCES, tenantId, now });
      return fault && armTokenError(fault, tenantId, now);
    },
    refuseBadRequest,
    headers: armHeaders,
    routes: [
      ...operationRoutes(operations),
      ...diskRoutes(disks, world.diskStore),
      ...vmRoutes(world.vms, world.vmStore, world.vmWrites),
      ...vmExtensionRoutes(world.vms),
      ...encryptionSetRoutes({ sets, disks, operations, store: world.setStore }),
      ...snapshotRoutes(world.snapshots, world.snapshotStore),
      ...restorePointRoutes(world.restorePoints, world.restorePointStore),
      ...keyVaultRoutes(world),
      ...graphRoutes(world),
      ...scaleSetRoutes(world.scaleSets),
      ...readRoutes(world.availabilitySets, { rates: VM_RATES, upperGroups: true }),
      ...placementGroupRoutes(world.placementGroups, world.vms),
      ...skuRoutes(world.vms, world.restrictedSizes),
      ...accountRoutes(world.storageAccounts),
      ...networkRoutes(world),
      ...readRoutes(world.shutdownSchedules),
      ...recoveryRoutes(world.recoveryVaults),
      ...tagRoutes(inventory),
      ...tagNameRoutes(inventory),
      ...lockRoutes(inventory, world.locks),
      ...providerRoutes(inventory),
      ...managementGroupRoutes(world),
      ...definitionRoutes(world.policies),
      ...policyAssignmentRoutes(world.policies),
      ...exemptionRoutes(world.policies),
      ...restrictionRoutes(world.policies, inventory),
      ...permissionRoutes(world.roles),
      ...denyAssignmentRoutes(world.roles),
      ...roleAssignmentRoutes(world.roles),
      ...roleDefinitionRoutes(world.roles),
      ...resourceRoutes(inventory),
      ...groupRoutes(inventory, operations),
      ...subscriptionRoutes(inventory, world),
    ],
  };
}

function identityEndpoint(identity: ManagedIdentity): Host {
  return {
    serves: ({ hostname }) => IDENTITY_HOSTS.has(hostname),
    isResourceManager: false,
    judgeCaller: () => null,
    refuseBadRequest: () => {},
    headers: () => ({ 'content-type': 'application/json; charset=utf-8' }),
    routes: identityRoutes(identity),
  };
}
