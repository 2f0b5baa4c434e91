import type { Answer, Azure } from '../azure/azure.ts';
import type {
  ConversionPolicy,
  ScopeEntry,
  WrittenPolicy,
} from '../domain/policy/conversion-policy.ts';

/** How long the subscriptions below a management group are taken for granted. */
const LISTED_FOR_MS = 10 * 60_000;
const FAILED_MS = 60_000;

/** Writes a line to the log. */
type Tell = (event: string, properties: Readonly<Record<string, string>>) => void;

interface Source {
  /** The policy as its file says it now. */
  readonly read: () => WrittenPolicy;
  readonly azure: Pick<Azure, 'listSubscriptions'>;
  readonly tell: Tell;
}

/**
 * Makes what reads the policy as it stands now, with its management groups expanded.
 *
 * A group that cannot be read counts as nothing, and the log says so: a scope is never guessed.
 *
 * @throws as `read` does.
 */
export function currentPolicy({ read, azure, tell }: Source): () => Promise<ConversionPolicy> {
  const subscriptionsOf = forAWhile((group) => listed(azure, tell, group));
  let last: WrittenPolicy | null = null;
  return async () => {
    const written = read();
    if (written !== last) tellExpired(written, tell);
    last = written;
    const entries = written.scope.map(async (entry): Promise<readonly ScopeEntry[]> => {
      if (!('managementGroup' in entry)) return [entry];
      const { managementGroup, ...conditions } = entry;
      const subscriptionIds = await subscriptionsOf(managementGroup.toLowerCase());
      return subscriptionIds.map((subscriptionId) => ({ subscriptionId, ...conditions }));
    });
    return { ...written, scope: (await Promise.all(entries)).flat() };
  };
}

/** Null: it could not be read. */
async function listed(
  azure: Source['azure'],
  tell: Tell,
  managementGroup: string,
): Promise<readonly string[] | null> {
  const answer = await azure.listSubscriptions(managementGroup).catch(unavailable);
  if (answer.status === 'ok') return answer.value;
  tell('policy.management-group-unreadable', { managementGroup, code: answer.code });
  return null;
}

/** An outage counts as a refusal here: reading a policy must not throw for Azure's sake. */
function unavailable(error: unknown): Extract<Answer<never>, { status: 'refused' }> {
  if (!(error instanceof Error) || error.name !== 'AzureUnavailableError') throw error;
  return { status: 'refused', code: error.name, message: error.message };
}

/** What has ended stays in the file without effect: somebody should take it out, or renew it. */
function tellExpired({ exclusions, exemptions }: WrittenPolicy, tell: Tell): void {
  for (const { scope, owner, untilMs } of [...exclusions, ...exemptions]) {
    if (untilMs > Date.now()) continue;
    const until = new Date(untilMs).toISOString();
    tell('policy.entry-expired', { scope, owner, until });
  }
}

/** Lets calls share a listing for a while, and one that failed for a shorter while. */
function forAWhile(
  list: (group: string) => Promise<readonly string[] | null>,
): (group: string) => Promise<readonly string[]> {
  type Listing = Promise<readonly string[] | null>;
  const kept = new Map<string, { untilMs: number; readonly listing: Listing }>();
  return async (group) => {
    const known = kept.get(group);
    const now = Date.now();
    const entry =
      known && known.untilMs > now ? known : { untilMs: now + LISTED_FOR_MS, listing: list(group) };
    kept.set(group, entry);
    const listing = await entry.listing;
    if (listing === null) entry.untilMs = Math.min(entry.untilMs, now + FAILED_MS);
    return listing ?? [];
  };
}
