import { answer } from '../arm/answer.ts';
import { type Route, route } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import type { StorageAccount } from './storage-account.ts';

const SUBSCRIPTION = '/subscriptions/:subscription';
const ACCOUNTS =
  `${SUBSCRIPTION}/resourceGroups/:group/providers/Microsoft.Storage/storageAccounts` as const;

/** Storage accounts, to read. Source: REST reference, Storage, Storage Accounts. */
export function accountRoutes(accounts: Collection<StorageAccount>): readonly Route[] {
  return [
    route('GET', `${ACCOUNTS}/:account`, ({ params }) =>
      answer(200, accounts.require(params, params.account).body()),
    ),
    route('GET', ACCOUNTS, ({ params }) => {
      accounts.inventory.requireGroup(params);
      return answer(200, { value: accounts.list(params).map((it) => it.body()) });
    }),
    route('GET', `${SUBSCRIPTION}/providers/Microsoft.Storage/storageAccounts`, ({ params }) => {
      accounts.inventory.requireSubscription(params.subscription);
      return answer(200, { value: accounts.list(params).map((it) => it.body()) });
    }),
  ];
}
