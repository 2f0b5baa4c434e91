import { answer } from '../arm/answer.ts';
import { type Route, route } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import { listRoutes } from '../resources/read-routes.ts';
import type { StorageAccount } from './storage-account.ts';

const ACCOUNT =
  '/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.Storage/storageAccounts/:account';

/** Storage accounts, to read. Source: REST reference, Storage, Storage Accounts. */
export function accountRoutes(accounts: Collection<StorageAccount>): readonly Route[] {
  return [
    route('GET', ACCOUNT, ({ params }) =>
      answer(200, accounts.require(params, params.account).body()),
    ),
    ...listRoutes(accounts),
  ];
}
