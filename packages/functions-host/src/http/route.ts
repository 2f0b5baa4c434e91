type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | {
      readonly kind: 'parameter';
      readonly name: string;
      readonly isOptional: boolean;
      readonly takesRest: boolean;
      readonly constraint: string | null;
    };

/** A route template of an HTTP trigger, e.g. `disks/{id:int?}` or `files/{*path}`. */
export interface Route {
  readonly segments: readonly Segment[];
}

/** Constraints that are checked; all others let every text pass. */
const CONSTRAINTS: Readonly<Record<string, RegExp>> = {
  int: /^[+-]?\d{1,10}$/,
  long: /^[+-]?\d{1,19}$/,
  bool: /^(true|false)$/i,
  alpha: /^[a-z]*$/i,
  guid: /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i,
};

export function parseRoute(template: string): Route {
  const segments = template.split('/').filter((part) => part !== '');
  return { segments: segments.map(parseSegment) };
}

function parseSegment(part: string): Segment {
  const match = /^\{(\*{0,2})([^:?=}]+)(?::([^?}]*))?(?:=[^}]*)?(\?)?\}$/.exec(part);
  if (match === null) return { kind: 'literal', text: part.toLowerCase() };
  const [, stars = '', name = '', constraint = null, optional] = match;
  const takesRest = stars !== '';
  return {
    kind: 'parameter',
    name,
    isOptional: optional !== undefined || takesRest,
    takesRest,
    constraint,
  };
}

/**
 * @param path the part behind the route prefix, as sent.
 * @returns the parameters, or null when the route does not fit.
 */
export function matchRoute(route: Route, path: string): Record<string, string> | null {
  const parts = path.split('/').filter((part) => part !== '');
  const params: Record<string, string> = {};
  for (const [at, segment] of route.segments.entries()) {
    if (segment.kind === 'parameter' && segment.takesRest) {
      const rest = parts.slice(at).map(decodeSegment).join('/');
      if (rest !== '') params[segment.name] = rest;
      return params;
    }
    if (!matchSegment(segment, parts[at], params)) return null;
  }
  return parts.length > route.segments.length ? null : params;
}

function matchSegment(
  segment: Segment,
  part: string | undefined,
  params: Record<string, string>,
): boolean {
  if (part === undefined) return segment.kind === 'parameter' && segment.isOptional;
  const text = decodeSegment(part);
  if (segment.kind === 'literal') return segment.text === text.toLowerCase();
  const pattern = CONSTRAINTS[segment.constraint?.toLowerCase() ?? ''];
  if (pattern !== undefined && !pattern.test(text)) return false;
  params[segment.name] = text;
  return true;
}

/** Decodes one segment of a path; an encoded slash stays encoded (recorded). */
function decodeSegment(part: string): string {
  try {
    return decodeURIComponent(part.replace(/%2f/gi, '%252F'));
  } catch {
    return part;
  }
}

/** Sorts the route first that says more: literals before constraints before parameters. */
export function compareRoutes(a: Route, b: Route): number {
  const length = Math.max(a.segments.length, b.segments.length);
  for (let at = 0; at < length; at += 1) {
    const difference = rank(a.segments[at]) - rank(b.segments[at]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function rank(segment: Segment | undefined): number {
  if (segment === undefined) return 0;
  if (segment.kind === 'literal') return 1;
  if (segment.takesRest) return 4;
  return segment.constraint === null ? 3 : 2;
}
