import type { ResourceBody } from '../resources/resource.ts';
import type { Tags } from '../resources/tags.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';
import { TableStore } from './table-store.ts';

export const ACCOUNT_TYPE = 'Microsoft.Storage/storageAccounts';

interface AccountSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly sku: string;
  readonly createdAt: number;
}

const SERVICES = ['dfs', 'web', 'blob', 'queue', 'table', 'file'] as const;

/**
 * A storage account with its tables and queues.
 *
 * Source: REST reference, Storage, Storage Accounts – Get Properties, api-version 2023-05-01.
 */
export class StorageAccount extends TrackedResource<AccountSpec> {
  readonly type = ACCOUNT_TYPE;
  readonly tables: TableStore;
  /** Messages by queue, oldest first. */
  readonly queues = new Map<string, unknown[]>();

  constructor(spec: AccountSpec, speed: number, tags?: Tags) {
    super(spec, tags ?? {});
    this.tables = new TableStore(speed);
  }

  /** A queue, which need not have been made. */
  queue(name: string): unknown[] {
    const messages = this.queues.get(name) ?? [];
    this.queues.set(name, messages);
    return messages;
  }

  body(): ResourceBody {
    const { name, location, sku, createdAt } = this.spec;
    const creationTime = new Date(createdAt).toISOString().replace('Z', '0000Z');
    return {
      sku: { name: sku, tier: sku.split('_')[0] ?? 'Standard' },
      ...{ kind: 'StorageV2' },
      ...this.head(),
      properties: {
        keyCreationTime: { key1: creationTime, key2: creationTime },
        minimumTlsVersion: 'TLS1_2',
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        networkAcls: {
          bypass: 'AzureServices',
          virtualNetworkRules: [],
          ipRules: [],
          defaultAction: 'Allow',
        },
        supportsHttpsTrafficOnly: true,
        encryption: {
          services: {
            file: { keyType: 'Account', enabled: true, lastEnabledTime: creationTime },
            blob: { keyType: 'Account', enabled: true, lastEnabledTime: creationTime },
          },
          keySource: 'Microsoft.Storage',
        },
        accessTier: 'Hot',
        provisioningState: 'Succeeded',
        creationTime,
        primaryEndpoints: Object.fromEntries(
          SERVICES.map((service) => [service, `https://${name}.${service}.core.windows.net/`]),
        ),
        primaryLocation: location,
        statusOfPrimary: 'available',
      },
    };
  }
}
