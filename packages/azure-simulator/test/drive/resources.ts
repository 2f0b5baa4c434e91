import { all, inVirtualTime } from '../clients.ts';
import { type Driven, refused } from './driven.ts';

export async function driveResources(driven: Driven): Promise<void> {
  const { resources, graph, simulator, arm } = driven;
  await arm('GET', '?api-version=2022-12-01');
  await all(resources.resourceGroups.list());
  await resources.resourceGroups.get('rg-erp');
  await resources.resourceGroups.createOrUpdate('rg-new', { location: 'westeurope' });
  await all(resources.resources.list());
  await all(resources.resources.listByResourceGroup('rg-erp'));
  const vmScope = `subscriptions/${simulator.subscriptionId}/resourceGroups/rg-erp/providers/Microsoft.Compute/virtualMachines/vm-erp-01`;
  await inVirtualTime(
    resources.tagsOperations.updateAtScope(vmScope, {
      operation: 'Merge',
      properties: { tags: { 'keyturn:off-by': 'x' } },
    }),
  );
  await resources.tagsOperations.getAtScope(vmScope);
  await graph.resources({
    query:
      "Resources | where type =~ 'microsoft.compute/disks' | project id, name, type, properties",
  });
  await refused(graph.resources({ query: 'Resources | summarize count()' }));
}
