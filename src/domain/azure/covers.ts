import { parseArmId, parseArmScope, sameId } from './arm-id.ts';

/** Whether a resource is what an ARM ID names, or lies below it. */
export function covers(scopeId: string, resourceId: string): boolean {
  const scope = parseArmScope(scopeId);
  const resource = parseArmId(resourceId);
  if (scope === null || resource === null) return false;
  switch (scope.kind) {
    case 'subscription':
      return sameId(scope.subscriptionId, resource.subscriptionId);
    case 'resource-group':
      return (
        sameId(scope.subscriptionId, resource.subscriptionId) &&
        sameId(scope.resourceGroup, resource.resourceGroup)
      );
    default:
      return sameId(scope.id, resource.id);
  }
}
