import { nameOf } from '../../domain/azure/arm-id.ts';
import type { KeyRole, Vault } from '../../domain/azure/vault.ts';
import type { ArmClients } from '../arm/arm-clients.ts';
import type { ArmRequest } from '../arm/arm-request.ts';
import { ask } from '../arm/errors.ts';
import { listAll, mapped } from '../arm/list-all.ts';
import { remember } from '../arm/remember.ts';
import { toPermission } from '../authorization/permissions.ts';
import type { Answer, Azure } from '../azure.ts';

/** Source: REST reference, Key Vault, Vaults and Managed Hsms; Authorization. */
const VAULTS = '2026-02-01';
const ROLES = '2022-04-01';

/** What it is made for; its rights are known. Source: "Azure built-in roles". */
const CRYPTO_SERVICE_USER = 'e147488a-f6f5-4113-8e2d-b22465e65bf6';
const USES_KEYS: KeyRole = {
  permissions: [
    {
      actions: [],
      notActions: [],
      dataActions: ['read', 'wrap/action', 'unwrap/action'].map(
        (action) => `Microsoft.KeyVault/vaults/keys/${action}`,
      ),
      notDataActions: [],
    },
  ],
  isConditional: false,
};

/** Vaults and managed HSMs behind disk encryption sets, and who may use their keys. */
export function vaultCalls(
  request: ArmRequest,
  { resourceGraph }: ArmClients,
): Pick<Azure, 'findVault' | 'readVault' | 'listKeyRoles' | 'listKeyRolesOfGroups'> {
  const readRole = remember(async (id) => {
    const answer = await ask('read role definition', async () => {
      const role = (await request('GET', id, ROLES)) as RoleBody;
      return (role.properties?.permissions ?? []).map(toPermission);
    });
    return mapped(answer, (permissions) => permissions ?? []);
  });
  const readVault = remember((vaultId) =>
    ask('read vault', async () =>
      toVault(vaultId, (await request('GET', vaultId, VAULTS)) as VaultBody),
    ),
  );
  const rolesAt = remember(async (path): Promise<Answer<readonly KeyRole[]>> => {
    const listed = await listAll(request, 'list role assignments', path, ROLES);
    if (listed.status !== 'ok') return listed;
    const assigned = listed.value
      .map(({ properties }) => (properties ?? {}) as Assignment)
      .filter(({ principalType }) => path.includes('assignedTo') || principalType === 'Group');
    if (assigned.some(isMadeForIt)) return { status: 'ok', value: [USES_KEYS] };
    const roles: KeyRole[] = [];
    for (const { roleDefinitionId, condition } of assigned) {
      const permissions = await readRole(roleDefinitionId ?? '');
      if (permissions.status !== 'ok') return permissions;
      roles.push({ permissions: permissions.value, isConditional: Boolean(condition) });
    }
    return { status: 'ok', value: roles };
  });

  const vaultOn = remember(async (hostname): Promise<Answer<string>> => {
    const [name = '', service] = hostname.split('.');
    const type = service === 'managedhsm' ? 'managedhsms' : 'vaults';
    const answer = await ask('search Resource Graph', () =>
      resourceGraph.resources({
        query: `Resources | where type =~ 'microsoft.keyvault/${type}' | where name =~ '${name}' | project id`,
        options: { resultFormat: 'objectArray' },
      }),
    );
    if (answer.status !== 'ok') return answer;
    const rows: readonly { readonly id?: string }[] = answer.value?.data ?? [];
    const id = rows[0]?.id;
    if (id !== undefined) return { status: 'ok', value: id };
    return { status: 'refused', code: 'VaultNotFound', message: `No vault ${name} is seen.` };
  });

  return {
    findVault: (keyUrl) => vaultOn(new URL(keyUrl).hostname),
    readVault,
    listKeyRoles: (key, principalId) =>
      rolesAt(assignmentsAt(key, `atScope() and assignedTo('${principalId}')`)),
    listKeyRolesOfGroups: (key) => rolesAt(assignmentsAt(key, 'atScope()')),
  };
}

function assignmentsAt({ vaultId, keyUrl }: KeyOfVault, filter: string): string {
  const key = `${vaultId}/keys/${new URL(keyUrl).pathname.split('/')[2]}`;
  return `${key}/providers/Microsoft.Authorization/roleAssignments?$filter=${filter}`;
}

type KeyOfVault = Parameters<Azure['listKeyRolesOfGroups']>[0];

interface RoleBody {
  readonly properties?: { readonly permissions?: readonly Readonly<Record<string, unknown>>[] };
}

interface Assignment {
  readonly roleDefinitionId?: string;
  readonly condition?: string | null;
  readonly principalType?: string;
}

function isMadeForIt({ roleDefinitionId = '', condition }: Assignment): boolean {
  return nameOf(roleDefinitionId).toLowerCase() === CRYPTO_SERVICE_USER && !condition;
}

interface VaultBody {
  readonly location: string;
  readonly properties?: {
    readonly tenantId?: string;
    readonly enableSoftDelete?: boolean;
    readonly enablePurgeProtection?: boolean;
    readonly enableRbacAuthorization?: boolean;
    readonly networkAcls?: { readonly bypass?: string; readonly defaultAction?: string };
    readonly publicNetworkAccess?: string;
    readonly accessPolicies?: readonly {
      readonly tenantId?: string;
      readonly objectId?: string;
      readonly applicationId?: string | null;
      readonly permissions?: { readonly keys?: readonly string[] };
    }[];
  };
}

function toVault(id: string, { location, properties = {} }: VaultBody): Vault {
  const kind = /\/managedHSMs\//i.test(id) ? 'hsm' : 'vault';
  return {
    id,
    kind,
    region: location,
    tenantId: properties.tenantId ?? null,
    // A managed HSM always has it.
    softDelete: kind === 'hsm' ? true : (properties.enableSoftDelete ?? null),
    purgeProtection: properties.enablePurgeProtection === true,
    reach: reachOf(properties),
    goesByRoles: kind === 'vault' && properties.enableRbacAuthorization === true,
    accessPolicies: (properties.accessPolicies ?? []).map((policy) => ({
      tenantId: policy.tenantId ?? null,
      objectId: policy.objectId ?? '',
      isForApplication: Boolean(policy.applicationId),
      keys: (policy.permissions?.keys ?? []).map((right) => right.toLowerCase()),
    })),
  };
}

/** Source: "Network security for Azure Key Vault": the bypass works without public access too. */
function reachOf({
  networkAcls,
  publicNetworkAccess,
}: NonNullable<VaultBody['properties']>): Vault['reach'] {
  if (/^SecuredByPerimeter$/i.test(publicNetworkAccess ?? '')) return 'by-perimeter';
  const isShut =
    /^Deny$/i.test(networkAcls?.defaultAction ?? '') ||
    /^Disabled$/i.test(publicNetworkAccess ?? '');
  // Where no rule was ever made, the bypass is on.
  const lets = /AzureServices/i.test(networkAcls?.bypass ?? 'AzureServices');
  return isShut && !lets ? 'closed' : 'open';
}
