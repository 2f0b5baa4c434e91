import type { JsonObject } from '../resources/json.ts';
import type { ResourceBody } from '../resources/resource.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';
import { type AccessPolicy, allowsKeys } from './access-policy.ts';
import { type Firewall, firewallOf } from './firewall.ts';
import type { KeyVault, VaultKey } from './key-vault.ts';

export const VAULT_TYPE = 'Microsoft.KeyVault/vaults';

interface VaultSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly createdAt: number;
  readonly retentionDays: number;
  /** When its name is in DNS; ms. */
  readonly readyAt: number;
}

/** What can be changed. */
export interface VaultSettings {
  readonly tenantId: string;
  readonly sku: string;
  readonly rbac: boolean;
  /** Shown as `true` or not at all, never as `false`. */
  readonly purgeProtection: boolean;
  /** `null` where no rule was ever made. */
  readonly networkAcls: JsonObject | null;
  readonly publicNetworkAccess: string;
  readonly accessPolicies: readonly AccessPolicy[];
  /** `enabledForDeployment` and its like, as they were sent. */
  readonly enabledFor: JsonObject;
}

/** A key vault. Source: recorded bodies 2022–2024. */
export class Vault extends TrackedResource<VaultSpec> implements KeyVault {
  readonly type = VAULT_TYPE;
  readonly kind = 'vault';
  readonly keys = new Map<string, VaultKey>();
  settings: VaultSettings;

  constructor(spec: VaultSpec, settings: VaultSettings, tags?: Readonly<Record<string, string>>) {
    super(spec, tags ?? {});
    this.settings = settings;
  }

  get region(): string {
    return this.spec.location;
  }
  get uri(): string {
    return `https://${this.name}.vault.azure.net`;
  }
  get retentionDays(): number {
    return this.spec.retentionDays;
  }
  get purgeProtection(): boolean {
    return this.settings.purgeProtection;
  }
  get tenantId(): string {
    return this.settings.tenantId;
  }
  get rbac(): boolean {
    return this.settings.rbac;
  }
  get firewall(): Firewall {
    return firewallOf(this.settings.networkAcls, this.settings.publicNetworkAccess);
  }

  allows(objectId: string, permissions: readonly string[]): boolean {
    return allowsKeys(this.settings, objectId, permissions);
  }

  body(): ResourceBody {
    const { settings, spec } = this;
    const by = 'operator@example.com';
    const at = new Date(spec.createdAt).toISOString();
    const isReady = spec.readyAt <= Date.now();
    return {
      id: this.id,
      name: this.name,
      type: this.type,
      location: this.location,
      ...(this.tags ? { tags: this.tags } : {}),
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
        sku: { family: 'A', name: settings.sku },
        tenantId: settings.tenantId,
        ...(settings.networkAcls ? { networkAcls: settings.networkAcls } : {}),
        accessPolicies: settings.accessPolicies,
        enabledForDeployment: false,
        ...settings.enabledFor,
        enableSoftDelete: true,
        softDeleteRetentionInDays: this.retentionDays,
        enableRbacAuthorization: settings.rbac,
        ...(settings.purgeProtection ? { enablePurgeProtection: true } : {}),
        // Until its name is in DNS it has no slash: recorded.
        vaultUri: isReady ? `${this.uri}/` : this.uri,
        provisioningState: isReady ? 'Succeeded' : 'RegisteringDns',
        publicNetworkAccess: settings.publicNetworkAccess,
      },
    };
  }
}
