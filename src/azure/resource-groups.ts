import type { ArmClients } from './arm-clients.ts';
import type { Azure } from './azure.ts';
import { ask } from './errors.ts';
import { placeOf } from './place-of.ts';

/** Resource groups, and tags through the Tags API, which needs no right to write the resource. */
export function resourceGroupCalls(
  clients: ArmClients,
): Pick<Azure, 'readGroupManagedBy' | 'setTag' | 'removeTag'> {
  const changeTag = async (
    operation: 'Merge' | 'Delete',
    resourceId: string,
    tags: Record<string, string>,
  ) => {
    const { subscriptionId } = placeOf(resourceId);
    const { tagsOperations } = clients.resources(subscriptionId);
    const scope = resourceId.replace(/^\//, '');
    const parameters = { operation, properties: { tags } };
    const answer = await ask(`${operation} tag`, async () => {
      await tagsOperations.updateAtScope(scope, parameters).submitted();
      return {};
    });
    return answer.status === 'ok' ? ({ status: 'ok', value: null } as const) : answer;
  };

  return {
    readGroupManagedBy: (resourceId) => {
      const { subscriptionId, resourceGroup } = placeOf(resourceId);
      return ask('read resource group', async () => {
        const group = await clients.resources(subscriptionId).resourceGroups.get(resourceGroup);
        return group.managedBy ?? null;
      });
    },
    setTag: (resourceId, name, value) => changeTag('Merge', resourceId, { [name]: value }),
    removeTag: (resourceId, name, value) => changeTag('Delete', resourceId, { [name]: value }),
  };
}
