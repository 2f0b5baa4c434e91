import type { Answer } from '../../azure/azure.ts';
import type { ArmScope } from '../../domain/azure/arm-id.ts';
import { type ExtentJudgement, judgeCounts } from '../../domain/gate/judge-counts.ts';
import type { ConversionPolicy } from '../../domain/policy/conversion-policy.ts';
import { TOO_MUCH } from '../../domain/turn/stop-scope.ts';
import { defineActivity } from '../../durable/steps.ts';
import type { Store } from '../../store/store.ts';
import { requestSearch } from '../conversion/request-search.ts';
import { targetPage } from '../conversion/target-page.ts';
import type { Services } from '../services.ts';

interface Input {
  /** Null: all that the policy names. */
  readonly scope: ArmScope | null;
}

/**
 * Counts what would be converted before anything is, and judges whether so much may be.
 *
 * Of the whole scope it also sets, or takes away, the stop that keeps events from starting anything
 * meanwhile. Counting ends with the page on which `maxResources` is exceeded. Safe to repeat.
 */
export const judgeExtent = defineActivity(
  'judgeExtent',
  { attempts: 5, firstDelayMs: 5_000 },
  (services: Services) =>
    async ({ scope }: Input): Promise<Answer<ExtentJudgement>> => {
      const policy = await services.policy();
      const counts = await countsIn(services, policy, scope);
      if (counts.status !== 'ok') return counts;
      const extent = judgeCounts(counts.value, policy);
      if (scope === null) await holdWhile(services.store.stops, extent);
      return { status: 'ok', value: extent };
    },
);

/** How many would be converted, and of how many, as far as the policy limits either. */
async function countsIn(
  { azure }: Services,
  policy: ConversionPolicy,
  scope: ArmScope | null,
): Promise<Answer<Parameters<typeof judgeCounts>[0]>> {
  const { maxResources, maxPercent } = policy;
  const most = maxPercent === null ? maxResources : null;
  const count = (search: Parameters<typeof targetPage>[0]) =>
    countTargets((skipToken) => targetPage(search, policy, { scope, skipToken }), most);

  if (maxResources === null && maxPercent === null) return NOT_COUNTED;
  const [eligibleIn, allIn] =
    scope === null
      ? [azure.findPlatformKeyDisks, azure.findDisks]
      : [requestSearch(azure, 'platform-key'), requestSearch(azure, 'all')];
  const eligible = await count(eligibleIn);
  if (eligible.status !== 'ok') return eligible;
  const total = maxPercent === null ? eligible : await count(allIn);
  if (total.status !== 'ok') return total;
  return { status: 'ok', value: { eligible: eligible.value, total: total.value } };
}

const NOT_COUNTED = { status: 'ok', value: { eligible: 0, total: 0 } } as const;

const BY = 'keyturn, by maxResources and maxPercent';

/** As long as the whole is too much, events start nothing either. A stop of others stays. */
async function holdWhile(stops: Store['stops'], extent: ExtentJudgement): Promise<void> {
  if (extent.kind === 'too-many') {
    const { message: reason } = extent;
    return stops.set({ scope: TOO_MUCH, by: BY, reason, atMs: Date.now() });
  }
  if ((await stops.read()).some(({ scope }) => scope === TOO_MUCH)) await stops.clear(TOO_MUCH);
}

async function countTargets(
  page: (skipToken: string | null) => ReturnType<typeof targetPage>,
  most: number | null,
): Promise<Answer<number>> {
  const ids = new Set<string>();
  let skipToken: string | null = null;
  do {
    const answer: Awaited<ReturnType<typeof targetPage>> = await page(skipToken);
    if (answer.status !== 'ok') return answer;
    for (const { id } of answer.value.targets) ids.add(id.toLowerCase());
    ({ skipToken } = answer.value);
  } while (skipToken !== null && (most === null || ids.size <= most));
  return { status: 'ok', value: ids.size };
}
