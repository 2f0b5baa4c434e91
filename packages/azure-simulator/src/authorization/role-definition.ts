export interface RoleDefinition {
  /** The GUID, which is the role's name in IDs. */
  readonly name: string;
  readonly roleName: string;
  readonly description: string;
  readonly type: 'BuiltInRole' | 'CustomRole';
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
  readonly assignableScopes: readonly string[];
}

export type Rights = Partial<
  Pick<RoleDefinition, 'actions' | 'notActions' | 'dataActions' | 'notDataActions'>
>;

export function builtIn(
  name: string,
  roleName: string,
  description: string,
  { actions = [], notActions = [], dataActions = [], notDataActions = [] }: Rights,
): RoleDefinition {
  return {
    name,
    roleName,
    description,
    type: 'BuiltInRole',
    actions,
    notActions,
    dataActions,
    notDataActions,
    assignableScopes: ['/'],
  };
}

export const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
/** Key Vault Crypto Service Encryption User. */
export const CRYPTO_SERVICE_USER = 'e147488a-f6f5-4113-8e2d-b22465e65bf6';
export const KEY_VAULT_ADMINISTRATOR = '00482a5a-887f-4fb3-b363-3b7fe8e74483';

/** Source: "Azure built-in roles". */
export const BUILT_IN_ROLES: readonly RoleDefinition[] = [
  builtIn(
    OWNER,
    'Owner',
    'Grants full access to manage all resources, including the ability to assign roles in Azure RBAC.',
    { actions: ['*'] },
  ),
  builtIn(
    'b24988ac-6180-42a0-ab88-20f7382dd24c',
    'Contributor',
    'Grants full access to manage all resources, but does not allow you to assign roles in Azure RBAC, manage assignments in Azure Blueprints, or share image galleries.',
    {
      actions: ['*'],
      notActions: [
        'Microsoft.Authorization/*/Delete',
        'Microsoft.Authorization/*/Write',
        'Microsoft.Authorization/elevateAccess/Action',
        'Microsoft.Blueprint/blueprintAssignments/write',
        'Microsoft.Blueprint/blueprintAssignments/delete',
        'Microsoft.Compute/galleries/share/action',
      ],
    },
  ),
  builtIn(
    'acdd72a7-3385-48ef-bd42-f606fba81ae7',
    'Reader',
    'View all resources, but does not allow you to make any changes.',
    { actions: ['*/read'] },
  ),
  builtIn(
    '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
    'User Access Administrator',
    'Lets you manage user access to Azure resources.',
    { actions: ['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*'] },
  ),
  builtIn(
    '9980e02c-c2be-4d73-94e8-173b1dc7cf3c',
    'Virtual Machine Contributor',
    'Lets you manage virtual machines, but not access to them, and not the virtual network or storage account they are connected to.',
    {
      actions: [
        'Microsoft.Authorization/*/read',
        'Microsoft.Compute/availabilitySets/*',
        'Microsoft.Compute/locations/*',
        'Microsoft.Compute/virtualMachines/*',
        'Microsoft.Compute/virtualMachineScaleSets/*',
        'Microsoft.Compute/disks/write',
        'Microsoft.Compute/disks/read',
        'Microsoft.Compute/disks/delete',
        'Microsoft.Network/networkInterfaces/*',
        'Microsoft.ResourceHealth/availabilityStatuses/read',
        'Microsoft.Resources/deployments/*',
        'Microsoft.Resources/subscriptions/resourceGroups/read',
      ],
    },
  ),
  builtIn(
    '4a9ae827-6dc8-4573-8ac7-8239d42aa03f',
    'Tag Contributor',
    'Lets you manage tags on entities, without providing access to the entities themselves.',
    {
      actions: [
        'Microsoft.Authorization/*/read',
        'Microsoft.Resources/subscriptions/resourceGroups/read',
        'Microsoft.Resources/subscriptions/resourceGroups/resources/read',
        'Microsoft.Resources/subscriptions/resources/read',
        'Microsoft.Resources/deployments/*',
        'Microsoft.Resources/tags/*',
      ],
    },
  ),
  builtIn(
    CRYPTO_SERVICE_USER,
    'Key Vault Crypto Service Encryption User',
    "Read metadata of keys and perform wrap/unwrap operations. Only works for key vaults that use the 'Azure role-based access control' permission model.",
    {
      actions: [
        'Microsoft.EventGrid/eventSubscriptions/write',
        'Microsoft.EventGrid/eventSubscriptions/read',
        'Microsoft.EventGrid/eventSubscriptions/delete',
      ],
      dataActions: [
        'Microsoft.KeyVault/vaults/keys/read',
        'Microsoft.KeyVault/vaults/keys/wrap/action',
        'Microsoft.KeyVault/vaults/keys/unwrap/action',
      ],
    },
  ),
  builtIn(
    '14b46e9e-c2b7-41b4-b07b-48a6ebf60603',
    'Key Vault Crypto Officer',
    "Perform any action on the keys of a key vault, except manage permissions. Only works for key vaults that use the 'Azure role-based access control' permission model.",
    {
      actions: ['Microsoft.Authorization/*/read', 'Microsoft.KeyVault/*/read'],
      dataActions: [
        'Microsoft.KeyVault/vaults/keys/*',
        'Microsoft.KeyVault/vaults/keyrotationpolicies/*',
      ],
    },
  ),
  builtIn(
    KEY_VAULT_ADMINISTRATOR,
    'Key Vault Administrator',
    "Perform all data plane operations on a key vault and all objects in it, including certificates, keys, and secrets. Cannot manage key vault resources or manage role assignments. Only works for key vaults that use the 'Azure role-based access control' permission model.",
    {
      actions: ['Microsoft.Authorization/*/read', 'Microsoft.KeyVault/*/read'],
      dataActions: ['Microsoft.KeyVault/vaults/*'],
    },
  ),
  builtIn(
    '21090545-7ca7-4776-b22c-e363652d74d2',
    'Key Vault Reader',
    "Read metadata of key vaults and its certificates, keys, and secrets. Cannot read sensitive values such as secret contents or key material. Only works for key vaults that use the 'Azure role-based access control' permission model.",
    {
      actions: ['Microsoft.Authorization/*/read', 'Microsoft.KeyVault/*/read'],
      dataActions: [
        'Microsoft.KeyVault/vaults/*/read',
        'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
      ],
    },
  ),
  builtIn(
    '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
    'Storage Table Data Contributor',
    'Allows for read, write and delete access to Azure Storage tables and entities',
    {
      actions: ['read', 'write', 'delete'].map(
        (verb) => `Microsoft.Storage/storageAccounts/tableServices/tables/${verb}`,
      ),
      dataActions: ['read', 'write', 'delete', 'add/action', 'update/action'].map(
        (verb) => `Microsoft.Storage/storageAccounts/tableServices/tables/entities/${verb}`,
      ),
    },
  ),
  builtIn(
    '76199698-9eea-4c19-bc75-cec21354c6b6',
    'Storage Table Data Reader',
    'Allows for read access to Azure Storage tables and entities',
    {
      actions: ['Microsoft.Storage/storageAccounts/tableServices/tables/read'],
      dataActions: ['Microsoft.Storage/storageAccounts/tableServices/tables/entities/read'],
    },
  ),
  builtIn(
    'd5a91429-5739-47e2-a06b-3470a27159e7',
    'EventGrid Data Sender',
    'Allows send access to event grid events.',
    {
      actions: [
        'Microsoft.Authorization/*/read',
        'Microsoft.EventGrid/topics/read',
        'Microsoft.EventGrid/domains/read',
        'Microsoft.EventGrid/partnerNamespaces/read',
        'Microsoft.Resources/subscriptions/resourceGroups/read',
      ],
      dataActions: ['Microsoft.EventGrid/events/send/action'],
    },
  ),
];

/** Whether a role has a right, and at which kind of it: of the resource or of the data in it. */
export function permits(
  role: Required<Rights>,
  action: string,
  plane: 'actions' | 'dataActions',
): boolean {
  const except = plane === 'actions' ? role.notActions : role.notDataActions;
  const covers = (pattern: string) => matchesAction(pattern, action);
  return role[plane].some(covers) && !except.some(covers);
}

/** `*` stands for any text, slashes too; case does not count. Source: "Understand role definitions". */
function matchesAction(pattern: string, action: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const text = action.toLowerCase();
  const [first = ''] = parts;
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return first === text;
  if (!text.startsWith(first) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.endsWith(last) && at <= text.length - last.length;
}
