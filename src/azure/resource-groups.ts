import type { ArmRequest } from './arm-request.ts';
import type { Azure } from './azure.ts';
import { ask } from './errors.ts';
import { placeOf } from './place-of.ts';

/** Source: REST reference, Resource Manager, "Resource Groups" and "Tags". */
const API_VERSION = '2024-07-01';

/** Resource groups, and tags through the Tags API, which needs no right to write the resource. */
export function resourceGroupCalls(
  request: ArmRequest,
): Pick<Azure, 'readGroupManagedBy' | 'setTag' | 'removeTag'> {
  const changeTag = async (
    operation: 'Merge' | 'Delete',
    resourceId: string,
    tags: Record<string, string>,
  ) => {
    const path = `${placeOf(resourceId).id}/providers/Microsoft.Resources/tags/default`;
    const body = { operation, properties: { tags } };
    const answer = await ask(`${operation} tag`, () => request('PATCH', path, API_VERSION, body));
    return answer.status === 'ok' ? ({ status: 'ok', value: null } as const) : answer;
  };

  return {
    readGroupManagedBy: (resourceId) => {
      const { subscriptionId, resourceGroup } = placeOf(resourceId);
      const path = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
      return ask('read resource group', async () => {
        const group = (await request('GET', path, API_VERSION)) as { managedBy?: string } | null;
        return group?.managedBy ?? null;
      });
    },
    setTag: (resourceId, name, value) => changeTag('Merge', resourceId, { [name]: value }),
    removeTag: (resourceId, name, value) => changeTag('Delete', resourceId, { [name]: value }),
  };
}
