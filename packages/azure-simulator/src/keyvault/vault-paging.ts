import type { Paging } from '../arm/paging.ts';
import { badParameter } from './vault-request-rules.ts';

/** Source: REST reference, Get Keys, `maxresults`. */
const MOST = 25;

/**
 * How vaults cut their lists: the link names the port and repeats `maxresults`.
 *
 * Source: recorded. Assumed: the texts for a number that cannot be, and for a bad token.
 */
export const VAULT_PAGING: Paging = {
  sizeFor: ({ query }, usual) => {
    const asked = query.get('maxresults');
    if (asked === null) return Math.min(usual, MOST);
    const size = /^\d{1,9}$/.test(asked) ? Number(asked) : 0;
    if (size < 1 || size > MOST) {
      throw badParameter(`maxresults must be a number from 1 to ${MOST}.`);
    }
    return Math.min(usual, size);
  },
  nextLink: ({ url, query, apiVersion }, skipToken) => {
    const asked = query.get('maxresults');
    const rest = asked === null ? '' : `&maxresults=${asked}`;
    return `https://${url.hostname}:443${url.pathname}?api-version=${apiVersion}&$skiptoken=${skipToken}${rest}`;
  },
  badToken: () => badParameter('The continuation token is invalid.'),
};
