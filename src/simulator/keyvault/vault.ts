import type { ResourceBody } from '../resources/resource.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';

export const VAULT_TYPE = 'Microsoft.KeyVault/vaults';

export interface VaultSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly tenantId: string;
  readonly sku: 'standard' | 'premium';
  readonly rbac: boolean;
  /** Shown as `true` or not at all, never as `false`. */
  readonly purgeProtection: boolean;
  readonly retentionDays: number;
  readonly createdAt: number;
  readonly firewall: Firewall;
}

/** Open to all, to Azure's own services alone, or to nobody but listed networks. */
export type Firewall = 'none' | 'trusted-services' | 'closed';

/** A key vault as the resource manager shows it. Source: recorded bodies 2022–2024. */
export class Vault extends TrackedResource<VaultSpec> {
  readonly type = VAULT_TYPE;

  constructor(spec: VaultSpec, tags?: Readonly<Record<string, string>>) {
    super(spec, tags ?? {});
  }

  body(): ResourceBody {
    const { tenantId, sku, rbac, purgeProtection, retentionDays, createdAt } = this.spec;
    const by = 'operator@example.com';
    const at = new Date(createdAt).toISOString();
    return {
      ...this.head(),
      ...{
        systemData: {
          createdBy: by,
          createdByType: 'User',
          createdAt: at,
          lastModifiedBy: by,
          lastModifiedByType: 'User',
          lastModifiedAt: at,
        },
      },
      properties: {
        sku: { family: 'A', name: sku },
        tenantId,
        ...networkAclsOf(this.spec.firewall),
        accessPolicies: rbac ? [] : [operatorPolicy(tenantId)],
        enabledForDeployment: false,
        enableSoftDelete: true,
        softDeleteRetentionInDays: retentionDays,
        enableRbacAuthorization: rbac,
        ...(purgeProtection ? { enablePurgeProtection: true } : {}),
        vaultUri: `https://${this.name}.vault.azure.net/`,
        provisioningState: 'Succeeded',
        publicNetworkAccess: 'Enabled',
      },
    };
  }
}

/** Absent where no rule was ever made. */
function networkAclsOf(firewall: Firewall): object {
  if (firewall === 'none') return {};
  const bypass = firewall === 'closed' ? 'None' : 'AzureServices';
  return {
    networkAcls: { bypass, defaultAction: 'Deny', ipRules: [], virtualNetworkRules: [] },
  };
}

/** Whoever made the vault may do everything in it. */
function operatorPolicy(tenantId: string): object {
  const all = ['all'];
  return {
    tenantId,
    objectId: '0f4d2c1e-7a3b-4c5d-9e8f-1a2b3c4d5e6f',
    permissions: { keys: all, secrets: all, certificates: all, storage: all },
  };
}
