import type { ResourceBody } from '../resources/resource.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';
import type { BackupJob } from './backup-job.ts';
import type { ReplicatedItem } from './replicated-item.ts';

export const RECOVERY_VAULT_TYPE = 'Microsoft.RecoveryServices/vaults';

interface RecoveryVaultSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
}

/** A Recovery Services vault. Source: REST reference, Vaults – Get, api-version 2024-04-01. */
export class RecoveryVault extends TrackedResource<RecoveryVaultSpec> {
  readonly type = RECOVERY_VAULT_TYPE;
  readonly jobs: BackupJob[] = [];
  readonly replicated: ReplicatedItem[] = [];

  body(): ResourceBody {
    return {
      ...this.head(),
      ...{ etag: `W/"datetime'2024-04-01T08%3A00%3A00.0000000Z'"` },
      sku: { name: 'RS0', tier: 'Standard' },
      properties: {
        provisioningState: 'Succeeded',
        privateEndpointStateForBackup: 'None',
        privateEndpointStateForSiteRecovery: 'None',
        publicNetworkAccess: 'Enabled',
      },
    };
  }
}
