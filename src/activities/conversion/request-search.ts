import type { Answer, Azure, FoundPage, SearchScope } from '../../azure/azure.ts';

type Search = (scope: SearchScope, skipToken: string | null) => Promise<Answer<FoundPage>>;

/** A page of the provider's list; any other token is Resource Graph's. */
const LISTED = 'list ';

/**
 * The search for what a person asks about: by the list of the disks' provider, which is complete.
 *
 * Resource Graph is asked where keyturn may not list: who may read only some groups may not list
 * their subscription. It may lack what was created lately, and the page says so.
 */
export function requestSearch(azure: Azure, which: 'all' | 'platform-key'): Search {
  const isAll = which === 'all';
  const list: Search = isAll ? azure.listDisks : azure.listPlatformKeyDisks;
  const find: Search = isAll ? azure.findDisks : azure.findPlatformKeyDisks;
  return async (scope, skipToken) => {
    if (skipToken === null && (await isGroupMissing(azure, scope))) {
      return { status: 'ok', value: { found: [], skipToken: null } };
    }
    if (skipToken === null || skipToken.startsWith(LISTED)) {
      const listed = await list(scope, listToken(skipToken));
      if (listed.status === 'ok') return { status: 'ok', value: withPrefix(listed.value) };
      if (listed.status !== 'refused' || skipToken !== null) return listed;
    }
    const found = await find(scope, skipToken);
    return found.status === 'ok'
      ? { status: 'ok', value: { ...found.value, mayLack: true } }
      : found;
  };
}

function withPrefix({ found, skipToken }: FoundPage): FoundPage {
  return { found, skipToken: skipToken === null ? null : `${LISTED}${skipToken}` };
}

function listToken(skipToken: string | null): string | null {
  return skipToken?.slice(LISTED.length) ?? null;
}

/** Asked before its disks are: the documents of the list know no answer for a missing group. */
async function isGroupMissing(azure: Azure, scope: SearchScope): Promise<boolean> {
  const [subscriptionId] = scope.subscriptionIds;
  if (scope.resourceGroup === null || scope.subscriptionIds.length !== 1) return false;
  const groupId = `/subscriptions/${subscriptionId}/resourceGroups/${scope.resourceGroup}`;
  const answer = await azure.hasResourceGroup(groupId);
  return answer.status === 'ok' && !answer.value;
}
