import type { Answer, Found, FoundPage, SearchScope } from '../../azure/azure.ts';
import type { ArmScope } from '../../domain/azure/arm-id.ts';
import { vmOf } from '../../domain/azure/vm-of.ts';
import {
  type ConversionTarget,
  onceEach,
  targetOf,
} from '../../domain/conversion/conversion-target.ts';
import type { ConversionPolicy } from '../../domain/policy/conversion-policy.ts';
import { isInScope, mayBeInScope } from '../../domain/policy/is-in-scope.ts';

export interface TargetPage {
  readonly targets: readonly ConversionTarget[];
  /** Null on the last page. */
  readonly skipToken: string | null;
  /** What was created lately may be missing; absent: it is not, or a sweep looks again. */
  readonly mayLack?: true;
}

type Search = (scope: SearchScope, skipToken: string | null) => Promise<Answer<FoundPage>>;

/**
 * One page of VMs and loose disks that lie within the policy, and within a scope.
 *
 * @param scope null: all that the policy names.
 */
export async function targetPage(
  search: Search,
  policy: ConversionPolicy,
  { scope, skipToken }: { readonly scope: ArmScope | null; readonly skipToken: string | null },
): Promise<Answer<TargetPage>> {
  const subscriptionIds = policy.scope
    .map(({ subscriptionId }) => subscriptionId)
    .filter((id) => scope === null || id.toLowerCase() === scope.subscriptionId.toLowerCase());
  const resourceGroup = scope?.kind === 'resource-group' ? scope.resourceGroup : null;
  const page = await search(
    { subscriptionIds: [...new Set(subscriptionIds)], resourceGroup },
    skipToken,
  );
  if (page.status !== 'ok') return page;
  const { found: all, ...rest } = page.value;
  const inScope = all.filter((found) => isFoundInScope(found, policy));
  const targets = onceEach(inScope.map(targetOf));
  return { status: 'ok', value: { ...rest, targets } };
}

/** Of a disk that a VM holds, the VM's tags count as well, which are read with the VM. */
function isFoundInScope(found: Found, policy: ConversionPolicy): boolean {
  return vmOf(found) === null
    ? isInScope(found, policy)
    : mayBeInScope(found.id, policy, found.region);
}
