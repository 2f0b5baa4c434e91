import type { ResourceBody } from '../resources/resource.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';
import type { Firewall } from './firewall.ts';
import type { KeyVault, VaultKey } from './key-vault.ts';

export const HSM_TYPE = 'Microsoft.KeyVault/managedHSMs';

interface HsmSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly tenantId: string;
  readonly adminId: string;
  readonly purgeProtection: boolean;
  readonly retentionDays: number;
}

/**
 * A managed HSM that was activated. Its own roles say what callers may do with its keys; that every
 * encryption set may use them is assumed.
 *
 * Source: REST reference, Managed Hsms – Get; no recording holds one.
 */
export class ManagedHsm extends TrackedResource<HsmSpec> implements KeyVault {
  readonly type = HSM_TYPE;
  readonly kind = 'hsm';
  readonly rbac = false;
  readonly firewall: Firewall = 'trusted-services';
  readonly keys = new Map<string, VaultKey>();

  get tenantId(): string {
    return this.spec.tenantId;
  }
  get region(): string {
    return this.spec.location;
  }
  get uri(): string {
    return `https://${this.name}.managedhsm.azure.net`;
  }
  get retentionDays(): number {
    return this.spec.retentionDays;
  }
  get purgeProtection(): boolean {
    return this.spec.purgeProtection;
  }

  allows(): boolean {
    return true;
  }

  body(): ResourceBody {
    const { tenantId, adminId, purgeProtection, retentionDays } = this.spec;
    return {
      id: this.id,
      name: this.name,
      type: this.type,
      location: this.location,
      sku: { name: 'Standard_B1', ...{ family: 'B' } },
      ...(this.tags ? { tags: this.tags } : {}),
      properties: {
        tenantId,
        initialAdminObjectIds: [adminId],
        hsmUri: `${this.uri}/`,
        enableSoftDelete: true,
        softDeleteRetentionInDays: retentionDays,
        enablePurgeProtection: purgeProtection,
        networkAcls: {
          bypass: 'AzureServices',
          defaultAction: 'Deny',
          ipRules: [],
          virtualNetworkRules: [],
        },
        publicNetworkAccess: 'Enabled',
        provisioningState: 'Succeeded',
        statusMessage: 'The Managed HSM is provisioned and ready to use.',
      },
    };
  }
}
