import { parseArmScope } from '../../domain/azure/arm-id.ts';
import type { ArmRequest } from '../arm/arm-request.ts';
import { askForList } from '../arm/ask-for-list.ts';
import { pagesOf } from '../arm/pages.ts';
import type { Azure } from '../azure.ts';

/** Source: REST reference, Management Groups, "Get Descendants". */
const API_VERSION = '2020-05-01';

/** What lies below management groups. */
export function managementGroupCalls(request: ArmRequest): Pick<Azure, 'listSubscriptions'> {
  return {
    listSubscriptions: (managementGroup) => {
      const path = `/providers/Microsoft.Management/managementGroups/${managementGroup}/descendants`;
      return askForList('list descendants of a management group', async () => {
        const found = await pagesOf(request, path, API_VERSION, (_what, call) => call());
        // Groups below it stand in the same list, and so does all that they hold.
        return found.flatMap(({ id }) => {
          const scope = parseArmScope(id);
          return scope?.kind === 'subscription' ? scope.subscriptionId : [];
        });
      });
    },
  };
}
