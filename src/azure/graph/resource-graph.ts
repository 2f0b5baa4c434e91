import { PLATFORM_KEY } from '../../domain/azure/disk.ts';
import type { ArmClients } from '../arm/arm-clients.ts';
import { ask } from '../arm/errors.ts';
import type { Answer, Azure, Found, FoundPage, SearchScope } from '../azure.ts';

/** Rows a page; Resource Graph gives 1,000 at most, and histories are to stay small. */
const PAGE_SIZE = 100;

/** Searches of whole subscriptions. Resource Graph lags behind: what is found is a hint. */
export function resourceGraphCalls(
  clients: ArmClients,
): Pick<Azure, 'findDisks' | 'findPlatformKeyDisks' | 'findTaggedVms'> {
  const search = async (
    scope: SearchScope | null,
    filters: readonly string[],
    skipToken: string | null,
  ): Promise<Answer<FoundPage>> => {
    if (scope?.subscriptionIds.length === 0) return { status: 'ok', value: NOTHING };
    const query = [
      'Resources',
      ...filters,
      ...within(scope),
      'project id, managedBy, location, tags',
      'order by id asc',
    ];
    const answer = await ask('search Resource Graph', () =>
      clients.resourceGraph.resources({
        query: query.join(' | '),
        // Where none is named, Resource Graph searches all that the caller may read.
        ...(scope ? { subscriptions: [...scope.subscriptionIds] } : {}),
        options: {
          top: PAGE_SIZE,
          resultFormat: 'objectArray',
          ...(skipToken ? { skipToken } : {}),
        },
      }),
    );
    if (answer.status !== 'ok') return answer;
    const rows = Array.isArray(answer.value?.data) ? answer.value.data : [];
    return {
      status: 'ok',
      value: { found: rows.flatMap(toFound), skipToken: answer.value?.skipToken ?? null },
    };
  };

  return {
    findDisks: (scope, skipToken) => search(scope, [OF_DISKS], skipToken),
    findPlatformKeyDisks: (scope, skipToken) =>
      search(scope, [OF_DISKS, `where properties.encryption.type =~ '${PLATFORM_KEY}'`], skipToken),
    findTaggedVms: (tag, skipToken) =>
      search(
        null,
        [
          "where type =~ 'microsoft.compute/virtualmachines'",
          `where isnotempty(tags['${quoted(tag)}'])`,
        ],
        skipToken,
      ),
  };
}

const OF_DISKS = "where type =~ 'microsoft.compute/disks'";

const NOTHING: FoundPage = { found: [], skipToken: null };

function within(scope: SearchScope | null): string[] {
  const resourceGroup = scope?.resourceGroup ?? null;
  return resourceGroup === null ? [] : [`where resourceGroup =~ '${quoted(resourceGroup)}'`];
}

/** Text inside a single-quoted Kusto string. */
function quoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}

function toFound(row: unknown): Found[] {
  if (typeof row !== 'object' || row === null || !('id' in row)) return [];
  const { id } = row;
  const managedBy = 'managedBy' in row && typeof row.managedBy === 'string' ? row.managedBy : '';
  const region = 'location' in row && typeof row.location === 'string' ? row.location : '';
  const tags = 'tags' in row && isTags(row.tags) ? row.tags : {};
  return typeof id === 'string'
    ? [{ id, managedBy: managedBy === '' ? null : managedBy, region, tags }]
    : [];
}

function isTags(value: unknown): value is Found['tags'] {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((each) => typeof each === 'string')
  );
}
