import type { Answer, Found } from '../azure/azure.ts';
import type { ArmScope } from '../domain/arm-id.ts';
import type { ConversionPolicy } from '../domain/conversion-policy.ts';
import { type ConversionTarget, onceEach, targetOf, vmOf } from '../domain/conversion-target.ts';
import { isInScope, mayBeInScope } from '../domain/is-in-scope.ts';
import { defineActivity } from '../durable/steps.ts';
import type { Services } from './services.ts';

interface Input {
  /** Null: all that the policy names. */
  readonly scope: ArmScope | null;
  readonly skipToken: string | null;
}

export interface TargetPage {
  readonly targets: readonly ConversionTarget[];
  /** Null on the last page. */
  readonly skipToken: string | null;
}

/** Finds, a page at a time, what holds disks on a platform-managed key. Only reads. */
export const findPlatformKeyDisks = defineActivity(
  'findPlatformKeyDisks',
  { attempts: 5, firstDelayMs: 5_000 },
  ({ azure, policy }: Services) =>
    async ({ scope, skipToken }: Input): Promise<Answer<TargetPage>> => {
      const allowed = await policy();
      const subscriptionIds = allowed.scope
        .map(({ subscriptionId }) => subscriptionId)
        .filter((id) => scope === null || id.toLowerCase() === scope.subscriptionId.toLowerCase());
      const resourceGroup = scope?.kind === 'resource-group' ? scope.resourceGroup : null;
      const page = await azure.findPlatformKeyDisks(
        { subscriptionIds: [...new Set(subscriptionIds)], resourceGroup },
        skipToken,
      );
      if (page.status !== 'ok') return page;
      const inScope = page.value.found.filter((found) => isFoundInScope(found, allowed));
      return {
        status: 'ok',
        value: {
          targets: onceEach(inScope.map(targetOf)),
          skipToken: page.value.skipToken,
        },
      };
    },
);

/** Of a disk that a VM holds, the VM's tags count as well, which are read with the VM. */
function isFoundInScope(found: Found, policy: ConversionPolicy): boolean {
  return vmOf(found) === null
    ? isInScope(found, policy)
    : mayBeInScope(found.id, policy, found.region);
}
