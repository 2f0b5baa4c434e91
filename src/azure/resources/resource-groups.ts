import { parseArmScope } from '../../domain/azure/arm-id.ts';
import type { ArmRequest } from '../arm/arm-request.ts';
import { ask } from '../arm/errors.ts';
import { placeOf } from '../arm/place-of.ts';
import { remember } from '../arm/remember.ts';
import type { Answer, Azure } from '../azure.ts';

/** Source: REST reference, Resource Manager, "Resource Groups" and "Tags". */
const API_VERSION = '2024-07-01';

/** Resource groups, and tags through the Tags API, which needs no right to write the resource. */
export function resourceGroupCalls(
  request: ArmRequest,
): Pick<Azure, 'hasResourceGroup' | 'readGroupManagedBy' | 'setTag' | 'removeTag'> {
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

  const readGroup = (path: string) =>
    ask('read resource group', async () => {
      const group = (await request('GET', path, API_VERSION)) as { managedBy?: string } | null;
      return { managedBy: group?.managedBy ?? null };
    });

  const managerOf = remember(async (path): Promise<Answer<string | null>> => {
    const answer = await readGroup(path);
    if (answer.status !== 'ok') return answer;
    if (answer.value !== null) return { status: 'ok', value: answer.value.managedBy };
    // A resource without its group: whatever that is, it says nothing about who manages it.
    return { status: 'refused', code: 'NotFound', message: 'The group was not found.' };
  });

  return {
    hasResourceGroup: async (groupId) => {
      const scope = parseArmScope(groupId);
      if (scope?.kind !== 'resource-group') throw new Error('Not an ARM ID of a resource group.');
      const answer = await readGroup(scope.id);
      return answer.status === 'ok' ? { status: 'ok', value: answer.value !== null } : answer;
    },
    readGroupManagedBy: (resourceId) => {
      const { subscriptionId, resourceGroup } = placeOf(resourceId);
      return managerOf(`/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`);
    },
    setTag: (resourceId, name, value) => changeTag('Merge', resourceId, { [name]: value }),
    removeTag: (resourceId, name, value) => changeTag('Delete', resourceId, { [name]: value }),
  };
}
