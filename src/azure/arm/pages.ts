import type { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { ArmRequest } from './arm-request.ts';

/** A resource as Azure shows it. */
export type Resource = Readonly<Record<string, unknown>> & { readonly id: string };

/** Insists on an answer; null for what is no longer there. */
export type Read = <T>(what: string, call: () => Promise<T>) => Promise<T | null>;

/** Rows a page; the most that Resource Graph gives. */
const PAGE_SIZE = 1000;

/** All rows of a query in one subscription; null: in all that the caller may read. */
export async function linesOf(
  client: ResourceGraphClient,
  subscriptionId: string | null,
  query: string,
  read: Read,
): Promise<readonly Resource[]> {
  const rows: Resource[] = [];
  let skipToken: string | undefined;
  do {
    const page = await read('search Resource Graph', () =>
      client.resources({
        // Pages of an unordered query may overlap.
        query: `${query} | order by id asc`,
        ...(subscriptionId === null ? {} : { subscriptions: [subscriptionId] }),
        options: {
          top: PAGE_SIZE,
          resultFormat: 'objectArray',
          ...(skipToken ? { skipToken } : {}),
        },
      }),
    );
    if (Array.isArray(page?.data)) rows.push(...page.data);
    skipToken = page?.skipToken;
  } while (skipToken);
  return rows;
}

/** All items of a list of Resource Manager. */
export async function pagesOf(
  request: ArmRequest,
  path: string,
  apiVersion: string,
  read: Read,
): Promise<readonly Resource[]> {
  const items: Resource[] = [];
  let next: string | URL | null = path;
  while (next !== null) {
    const asked: string | URL = next;
    const answered = await read(`list ${path}`, () => request('GET', asked, apiVersion));
    const page = (answered ?? {}) as {
      readonly value?: readonly Resource[];
      readonly nextLink?: string;
    };
    items.push(...(page.value ?? []));
    next = page.nextLink ? new URL(page.nextLink) : null;
  }
  return items;
}
