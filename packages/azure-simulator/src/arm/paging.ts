import { isObject } from '../resources/json.ts';
import type { Answer } from './answer.ts';
import { ArmError } from './arm-error.ts';
import { Listing } from './listing.ts';
import type { Call } from './route.ts';

/** How a host cuts its lists. */
export interface Paging {
  /** @throws ArmError for a wish that cannot be. */
  readonly sizeFor: (call: Call, usual: number) => number;
  readonly nextLink: (call: Call, skipToken: string) => string;
  /** What is said to a token that the host never gave. */
  readonly badToken: () => ArmError;
}

/** As the resource manager does. Assumed: what it says to a bad token. */
const RESOURCE_MANAGER: Paging = {
  sizeFor: (_, usual) => usual,
  nextLink: ({ url }, skipToken) => {
    const next = new URL(url);
    next.searchParams.set('$skiptoken', skipToken);
    return next.href;
  },
  badToken: () => new ArmError(400, 'InvalidSkipToken', 'The provided skip token is invalid.'),
};

/**
 * Cuts a list into pages. A page names the next one by an opaque token in its `nextLink`; the last
 * one has no link, or `null` where the service says so (Key Vault).
 *
 * @throws ArmError 400
 */
export function paged(
  answered: Answer,
  call: Call,
  usual: number,
  paging: Paging = RESOURCE_MANAGER,
): Answer {
  const { body } = answered;
  if (call.method !== 'GET' || !isObject(body)) return answered;
  const list = body['value'];
  if (!Array.isArray(list) && !(list instanceof Listing)) return answered;
  const from = offsetIn(call, paging);
  const size = paging.sizeFor(call, usual);
  const value: unknown[] = list.slice(from, from + size);
  if (from + size >= list.length) return { ...answered, body: { ...body, value } };
  const token = Buffer.from(String(from + size)).toString('base64url');
  return { ...answered, body: { ...body, value, nextLink: paging.nextLink(call, token) } };
}

function offsetIn({ url }: Call, { badToken }: Paging): number {
  const token = url.searchParams.get('$skiptoken');
  if (token === null) return 0;
  const offset = Buffer.from(token, 'base64url').toString();
  if (!/^\d{1,9}$/.test(offset)) throw badToken();
  return Number(offset);
}
