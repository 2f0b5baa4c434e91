import { StorageAccount } from '../storage/storage-account.ts';
import type { StorageAccountDescription } from './estate-description.ts';
import { DEFAULT_REGION } from './key-builder.ts';
import { PlatformBuilder } from './platform-builder.ts';

const DAY_MS = 86_400_000;

/** Storage accounts. */
export class StorageBuilder extends PlatformBuilder {
  /** The caller may use the tables until its roles are described: no Owner may by that alone. */
  addStorageAccount(description: StorageAccountDescription): string {
    const { name, location = DEFAULT_REGION, sku = 'Standard_LRS', tables = [] } = description;
    const { storageAccounts, roles, callerId, speed } = this.world;
    const id = this.idOf(storageAccounts, description);
    const createdAt = Date.now() - 200 * DAY_MS;
    const account = new StorageAccount({ id, name, location, sku, createdAt }, speed);
    storageAccounts.add(account);
    for (const table of tables) account.tables.create(table);
    roles.grant(callerId, 'Storage Table Data Contributor', id);
    return id;
  }
}
