import type { Disk as AzureDisk } from '@azure/arm-compute';
import { PLATFORM_KEY } from '../../domain/azure/disk.ts';
import type { ArmClients } from '../arm/arm-clients.ts';
import { ask } from '../arm/errors.ts';
import type { Answer, Azure, Found, FoundPage, SearchScope } from '../azure.ts';

/** Rows a page; Azure gives as many as it likes, and histories are to stay small. */
const PAGE_SIZE = 100;
/** How long the rest of one of Azure's pages is taken from memory. */
const KEPT_MS = 10_000;

/** One of Azure's pages, with the link to the next. */
interface Listed {
  readonly disks: readonly AzureDisk[];
  readonly next: string | null;
}

/** Disks as the Compute provider lists them: complete, unlike what Resource Graph finds. */
export function diskListCalls(
  clients: ArmClients,
): Pick<Azure, 'listDisks' | 'listPlatformKeyDisks'> {
  let kept: { readonly key: string; readonly untilMs: number; readonly page: Listed } | null = null;

  const pageAt = async (
    subscriptionId: string,
    resourceGroup: string | null,
    link: string,
  ): Promise<Answer<Listed | null>> => {
    const key = `${subscriptionId} ${resourceGroup} ${link}`;
    if (kept?.key === key && kept.untilMs > Date.now()) return { status: 'ok', value: kept.page };
    const answer = await ask('list disks', () =>
      readPage(clients, { subscriptionId, resourceGroup }, link),
    );
    if (answer.status === 'ok' && answer.value !== null) {
      kept = { key, untilMs: Date.now() + KEPT_MS, page: answer.value };
    }
    return answer;
  };

  const list = async (
    { subscriptionIds, resourceGroup }: SearchScope,
    skipToken: string | null,
    isWanted: (disk: AzureDisk) => boolean,
  ): Promise<Answer<FoundPage>> => {
    const [subscriptionId] = subscriptionIds;
    if (subscriptionId === undefined) return { status: 'ok', value: NOTHING };
    const { from, link } = placeIn(skipToken);
    const answer = await pageAt(subscriptionId, resourceGroup, link);
    if (answer.status !== 'ok') return answer;
    // The group is not there.
    if (answer.value === null) return { status: 'ok', value: NOTHING };
    const { disks, next } = answer.value;
    const to = from + PAGE_SIZE;
    const found = disks.slice(from, to).filter(isWanted).flatMap(toFound);
    const rest = to < disks.length ? tokenOf(to, link) : null;
    const token = rest ?? (next === null ? null : tokenOf(0, next));
    return { status: 'ok', value: { found, skipToken: token } };
  };

  return {
    listDisks: (scope, skipToken) => list(scope, skipToken, () => true),
    listPlatformKeyDisks: (scope, skipToken) => list(scope, skipToken, hasPlatformKey),
  };
}

const NOTHING: FoundPage = { found: [], skipToken: null };

async function readPage(
  clients: ArmClients,
  scope: { readonly subscriptionId: string; readonly resourceGroup: string | null },
  link: string,
): Promise<Listed> {
  const { disks } = clients.compute(scope.subscriptionId);
  const { resourceGroup } = scope;
  const all = resourceGroup === null ? disks.list() : disks.listByResourceGroup(resourceGroup);
  const pages = all.byPage(link === '' ? {} : { continuationToken: link });
  const { value } = await pages.next();
  const page: readonly AzureDisk[] & { readonly continuationToken?: string } = value ?? [];
  return { disks: page, next: page.continuationToken ?? null };
}

/** Where a page begins: in which of Azure's pages, and after how many of its disks. */
function tokenOf(from: number, link: string): string {
  return `${from} ${link}`;
}

function placeIn(skipToken: string | null): { readonly from: number; readonly link: string } {
  const [, from = '0', link = ''] = /^(\d+) (.*)$/.exec(skipToken ?? '') ?? [];
  return { from: Number(from), link };
}

function hasPlatformKey({ encryption }: AzureDisk): boolean {
  return (encryption?.type ?? PLATFORM_KEY) === PLATFORM_KEY;
}

function toFound({ id, managedBy, location, tags }: AzureDisk): Found[] {
  if (!id) return [];
  return [{ id, managedBy: managedBy ?? null, region: location, tags: tags ?? {} }];
}
