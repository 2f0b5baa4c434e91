import { ArmError } from './arm/arm-error.ts';
import { armHeaders, vaultHeaders } from './arm/headers.ts';
import { operationRoutes } from './arm/operation-routes.ts';
import { refuseBadRequest } from './arm/request-rules.ts';
import type { Call, Caller } from './arm/route.ts';
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
import { VM_RATES } from './compute/rate-policies.ts';
import { scaleSetRoutes } from './compute/scale-set-routes.ts';
import { skuRoutes } from './compute/sku-routes.ts';
import { restorePointRoutes, snapshotRoutes } from './compute/snapshot-routes.ts';
import { vmRoutes } from './compute/vm-routes.ts';
import { directoryHost } from './directory/directory-host.ts';
import type { Host } from './gateway.ts';
import { identityRoutes } from './identity/identity-routes.ts';
import { judgeToken } from './identity/judge-token.ts';
import type { ManagedIdentity } from './identity/tokens.ts';
import { keyRoutes } from './keyvault/key-routes.ts';
import type { KeyVault } from './keyvault/key-store.ts';
import { missingVaultToken, vaultTokenError } from './keyvault/token-errors.ts';
import { refuseBadVaultRequest } from './keyvault/vault-request-rules.ts';
import { vaultRoutes } from './keyvault/vault-routes.ts';
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

const VAULT_HOST = /^([^.]+)\.vault\.azure\.net$/i;
const VAULT_AUDIENCE = 'https://vault.azure.net';
const IDENTITY_HOSTS = new Set(['127.0.0.1', 'localhost', '169.254.169.254']);

/** The host names that are answered for. */
export function hostsOf(world: World, identity: ManagedIdentity): readonly Host[] {
  return [
    resourceManager(world),
    keyVaults(world),
    tableHost(world),
    directoryHost(world, identity),
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
      ...vmRoutes(world.vms, world.vmStore),
      ...encryptionSetRoutes({ sets, disks, operations, store: world.setStore }),
      ...snapshotRoutes(world),
      ...restorePointRoutes(world.restorePoints),
      ...vaultRoutes(world.vaults),
      ...graphRoutes(inventory, world),
      ...scaleSetRoutes(world.scaleSets),
      ...readRoutes(world.availabilitySets, { rates: VM_RATES, upperGroups: true }),
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

function keyVaults({ keys, tenantId, random }: World): Host {
  const vaultOf = ({ url, caller }: Call): KeyVault => {
    const [, name = ''] = VAULT_HOST.exec(url.hostname) ?? [];
    const vault = keys.findVault(name);
    if (vault?.firewall === 'closed') throw closed(vault, caller);
    if (vault) return vault;
    throw new ArmError(404, 'VaultNotFound', `The vault '${name}' does not exist.`);
  };
  return {
    serves: ({ hostname }) => {
      const [, name] = VAULT_HOST.exec(hostname) ?? [];
      // A vault that does not exist has no host name either.
      return name !== undefined && keys.findVault(name) !== undefined;
    },
    isResourceManager: false,
    judgeCaller: (authorization) => {
      const vaults = { audience: VAULT_AUDIENCE, tenantId };
      if (authorization === undefined) return missingVaultToken(vaults);
      const expected = { audiences: [VAULT_AUDIENCE], tenantId, now: Date.now() };
      const fault = judgeToken(authorization, expected);
      return fault && vaultTokenError(fault, vaults);
    },
    refuseBadRequest: refuseBadVaultRequest,
    headers: vaultHeaders,
    routes: keyRoutes(keys, random, vaultOf),
  };
}

/** Source: "Azure Key Vault REST API error codes", HTTP 403. */
function closed({ name, region }: KeyVault, { appId, objectId }: Caller): ArmError {
  return new ArmError(
    403,
    'Forbidden',
    `Client address is not authorized and caller is not a trusted service.\r\nClient address: 192.0.2.10\r\nCaller: appid=${appId};oid=${objectId}\r\nVault: ${name};location=${region}`,
    { innererror: { code: 'ForbiddenByFirewall' } },
  );
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
