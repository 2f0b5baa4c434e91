import { isObject } from '../resources/json.ts';
import type { Answer } from './answer.ts';
import { Listing } from './listing.ts';
import type { Call } from './route.ts';

/**
 * Cuts a list into pages. A page names the next one by an opaque token in its `nextLink`; the last
 * one has no link, or `null` where the service says so (Key Vault).
 */
export function paged(answered: Answer, { method, url }: Call, pageSize: number): Answer {
  const { body } = answered;
  if (method !== 'GET' || !isObject(body)) return answered;
  const list = body['value'];
  if (!Array.isArray(list) && !(list instanceof Listing)) return answered;
  const from = Number(
    Buffer.from(url.searchParams.get('$skiptoken') ?? '', 'base64url').toString(),
  );
  const value: unknown[] = list.slice(from, from + pageSize);
  if (from + pageSize >= list.length) return { ...answered, body: { ...body, value } };
  const next = new URL(url);
  next.searchParams.set('$skiptoken', Buffer.from(String(from + pageSize)).toString('base64url'));
  return { ...answered, body: { ...body, value, nextLink: next.href } };
}
