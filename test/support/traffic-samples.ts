import type { Exchange } from '@keyturn/azure-simulator/gateway';

/** Of calls that are alike, how many are looked at, and how many of those that differ are kept. */
const LOOKED_AT = 200;
const KEPT = 8;

/** Picks of much traffic the exchanges that no other one is like. */
export class TrafficSamples {
  readonly #alike = new Map<string, { looked: number; readonly shapes: Set<string> }>();

  isNew(exchange: Exchange): boolean {
    const kind = kindOf(exchange);
    const seen = this.#alike.get(kind) ?? { looked: 0, shapes: new Set<string>() };
    this.#alike.set(kind, seen);
    if (seen.looked >= LOOKED_AT || seen.shapes.size >= KEPT) return false;
    seen.looked += 1;
    const shape = `${shapeOf(exchange.requestBody)} ${shapeOf(exchange.responseBody)}`;
    if (seen.shapes.has(shape)) return false;
    seen.shapes.add(shape);
    return true;
  }
}

/** Method, path without names, version, status, and who asks. */
function kindOf({ method, url, statusCode, requestHeaders, injected }: Exchange): string {
  const { host, pathname, searchParams } = new URL(url);
  const plain = pathname
    .replace(/(\/(?:subscriptions|resourceGroups|locations))\/[^/]+/gi, '$1/*')
    .replace(/(\/providers\/[^/]+\/[^/]+)\/[^/]+/gi, '$1/*');
  const named = host === 'management.azure.com' ? plain : pathname.split(/[/(]/)[1];
  const asker = (requestHeaders['user-agent'] ?? '').split(/[ /]/)[0];
  const parameters = [...searchParams.keys()].join();
  return [method, named, parameters, searchParams.get('api-version'), statusCode, asker, injected]
    .map(String)
    .join(' ');
}

/** Which keys a body has, and Azure's words in it; not what users gave. */
function shapeOf(body: string): string {
  const found = new Set<string>();
  const add = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const it of value) add(it, `${path}[]`);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, it] of Object.entries(value)) add(it, `${path}.${key}`);
    } else if (typeof value === 'string' && /^[A-Z][A-Za-z]+(_[A-Za-z]+)?$/.test(value)) {
      found.add(`${path}=${value}`);
    } else found.add(`${path}:${typeof value}`);
  };
  try {
    add(JSON.parse(body), '');
  } catch {
    return body === '' ? 'empty' : 'text';
  }
  return [...found].toSorted().join();
}
