import { answer } from '../arm/answer.ts';
import { Listing } from '../arm/listing.ts';
import { type Route, route } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import { odataFilter } from '../resources/odata-filter.ts';
import { readRoutes } from '../resources/read-routes.ts';
import { type BackupJob, backupJobBody } from './backup-job.ts';
import type { RecoveryVault } from './recovery-vault.ts';
import { replicatedItemBody } from './replicated-item.ts';

const JOBS =
  '/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.RecoveryServices/vaults/:vault/backupJobs';

const ITEMS =
  '/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.RecoveryServices/vaults/:vault/replicationProtectedItems';

const FIELDS = {
  status: ({ status }: BackupJob) => status,
  operation: ({ operation }: BackupJob) => operation,
  backupmanagementtype: () => 'AzureIaasVM',
};

/** Recovery Services vaults, their jobs and replicated items. Source: REST reference of each. */
export function recoveryRoutes(vaults: Collection<RecoveryVault>): readonly Route[] {
  return [
    ...readRoutes(vaults),
    route('GET', JOBS, ({ params, query }) => {
      const { id, jobs } = vaults.require(params, params.vault);
      const found = jobs.filter(odataFilter(query.get('$filter'), FIELDS));
      return answer(200, { value: new Listing(found, (job) => backupJobBody(id, job)) });
    }),
    route('GET', ITEMS, ({ params }) => {
      const { id, replicated } = vaults.require(params, params.vault);
      return answer(200, {
        value: new Listing(replicated, (item) => replicatedItemBody(id, item)),
      });
    }),
  ];
}
