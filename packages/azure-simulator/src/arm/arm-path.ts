/** The parts of a path below the resource manager, decoded, in the caller's casing. */
export interface ArmPath {
  readonly subscription: string | null;
  readonly group: string | null;
  readonly namespace: string | null;
  /** After the namespace: types and names in turn. */
  readonly segments: readonly string[];
}

/** Assumed: longer ones are known to be refused, from where on is not. */
const MAX_URL = 16_384;

export type UrlProblem = 'malformed' | 'too-long';

/** Whether a URL is short enough, and each percent sign in its path begins an octet of UTF-8. */
export function problemWithUrl({ href, pathname }: URL): UrlProblem | null {
  if (href.length > MAX_URL) return 'too-long';
  try {
    decodeURIComponent(pathname);
    return null;
  } catch {
    return 'malformed';
  }
}

/**
 * The path as it is meant: `//` is `/`, which Azure CLI writes where a resource has no parent, and a
 * scope or an ID that came as one segment is the path that it names.
 *
 * Source: a recorded call of an SDK that encodes what stands in its templates.
 */
export function plainPath(path: string): string {
  const spread = path.replace(/^\/+[^/]*%2f[^/]*/i, (segment) => segment.replaceAll(/%2f/gi, '/'));
  return spread.replace(/\/{2,}/g, '/');
}

/** Takes a well-formed path apart; of several providers the last one counts, as for a lock. */
export function parseArmPath(path: string): ArmPath {
  const [, subscription = null] = /^\/subscriptions\/([^/]+)/i.exec(path) ?? [];
  const [, group = null] = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)/i.exec(path) ?? [];
  const at = path.toLowerCase().lastIndexOf('/providers/');
  const tail = at < 0 ? '' : path.slice(at + '/providers/'.length).replace(/\/$/, '');
  const [namespace = '', ...segments] = tail.split('/').map(decodeURIComponent);
  return {
    subscription: subscription && decodeURIComponent(subscription),
    group: group && decodeURIComponent(group),
    namespace: namespace === '' ? null : namespace,
    segments,
  };
}

/** `Microsoft.Compute/disks`, or with a type below it; `null` without a provider. */
export function typeOf({ namespace, segments }: ArmPath): string | null {
  if (namespace === null) return null;
  return [namespace, ...segments.filter((_, index) => index % 2 === 0)].join('/');
}
