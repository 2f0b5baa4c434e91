import { type Answer, bodyText, type Incoming, textAnswer, withLength } from './arm/answer.ts';
import { ArmError, badUrl, notSimulated } from './arm/arm-error.ts';
import { plainPath, problemWithUrl } from './arm/arm-path.ts';
import { type Paging, paged } from './arm/paging.ts';
import type { RateLimits } from './arm/rate-limits.ts';
import { subscriptionScope } from './arm/resource-id.ts';
import type { Call, Route } from './arm/route.ts';
import { ConnectionDroppedError } from './connection-dropped-error.ts';
import type { FaultQueue, RawRefusal } from './faults.ts';
import { callerIn, type ManagedIdentity } from './identity/tokens.ts';
import type { Random } from './random.ts';

/** One request and its answer, in the shape that traffic recorders use. */
export interface Exchange {
  readonly kind?: 'eventgrid-delivery';
  /** Set when a fault on order answered: whoever ordered it is to be judged for it, and not Azure. */
  readonly injected?: true;
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string;
  readonly statusCode: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: string;
}

/** Which calls a host answers, and how it greets strangers. */
export interface Host {
  readonly serves: (url: URL) => boolean;
  readonly routes: readonly Route[];
  /** What is wrong with the caller's token, or that there is none; `null` when nothing is. */
  readonly judgeCaller: (authorization: string | undefined) => ArmError | null;
  /** @throws ArmError for a request that no route shall see. */
  readonly refuseBadRequest: (request: Incoming) => void;
  readonly headers: (call: Call) => Record<string, string>;
  /** How the host words a refusal; as the resource manager does when absent. */
  readonly refusal?: (error: ArmError, call: Call) => Answer;
  readonly isResourceManager: boolean;
  /** How its lists are cut; as the resource manager's when absent. */
  readonly paging?: Paging;
}

interface Surroundings {
  readonly hosts: readonly Host[];
  readonly faults: FaultQueue;
  readonly limits: RateLimits;
  readonly random: Random;
  readonly identity: ManagedIdentity;
  /** Brings everything up to the present before a call is answered. */
  readonly settle: () => void;
  /** @throws ArmError when the caller's roles do not allow the call, or a lock forbids it. */
  readonly refuse: (call: Call) => void;
  /** Items of a list in one answer. */
  readonly pageSize: number;
  /** Told of a call to the resource manager that nothing has refused, before its route sees it. */
  readonly beforeCall: (call: Call) => void;
  readonly afterCall: (call: Call, route: Route, answered: Answer) => void;
  readonly record: ((exchange: Exchange) => void) | undefined;
}

const GRAPH = /\/microsoft\.resourcegraph\/resources$/i;

/** The front door: faults, tokens, limits, then the route that knows the call. */
export class Gateway {
  readonly requests = new Map<string, number>();
  readonly notSimulated: string[] = [];
  throttled = 0;
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** @throws ConnectionDroppedError when a fault says so. */
  async serve(asked: Incoming): Promise<Answer> {
    const { faults } = this.#around;
    const incoming = { ...asked, url: this.#plain(asked.url) };
    const { method, url } = incoming;
    const delayMs = faults.take('delay', method, url.pathname);
    if (delayMs !== null) await new Promise((resolve) => setTimeout(resolve, delayMs));
    const drop = faults.take('drop', method, url.pathname);
    if (drop === 'before') throw new ConnectionDroppedError();
    this.#around.settle();
    const answered = withLength(this.#answer(incoming), method);
    if (answered.status === 429) this.throttled += 1;
    this.#record(incoming, answered);
    if (drop === 'after') throw new ConnectionDroppedError();
    return answered;
  }

  #answer(incoming: Incoming): Answer {
    const problem = problemWithUrl(incoming.url);
    if (problem) return badUrl(problem).toAnswer();
    const host = this.#hostOf(incoming.url);
    if (!host) return this.#unknown(incoming);
    const found = this.#find(host, incoming);
    if (found) this.#count(found.route.name);
    const call = this.#call(incoming, found?.params ?? {});
    try {
      return this.#take(host, found?.route, call);
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      if (error.code === 'NotSimulated') this.#miss(`${incoming.method} ${error.message}`);
      return refusedBy(host, error, call);
    }
  }

  #take(host: Host, route: Route | undefined, call: Call): Answer {
    const { faults, limits } = this.#around;
    const { method, url, headers } = call;
    const stranger = host.judgeCaller(headers['authorization']);
    if (stranger) throw stranger;
    const ordered = orderedRefusal(faults, method, url.pathname);
    if (ordered) {
      const refused = ordered instanceof ArmError ? refusedBy(host, ordered, call) : raw(ordered);
      return { ...refused, injected: true };
    }
    host.refuseBadRequest(call);
    if (!route) return this.#unknown(call);
    const remaining = host.isResourceManager ? takeTokens(limits, route, call) : {};
    if (host.isResourceManager) this.#around.refuse(call);
    // Taken last, so that a call which is refused does not use it up.
    const failOperation =
      method === 'GET' ? null : faults.take('fail-operation', method, url.pathname);
    if (host.isResourceManager) this.#around.beforeCall(call);
    const leaveOut = GRAPH.test(url.pathname)
      ? faults.take('leave-out', method, url.pathname)
      : null;
    const handled = route.handle({ ...call, failOperation, leaveOut });
    const answered = paged(handled, call, this.#around.pageSize, host.paging);
    this.#around.afterCall(call, route, answered);
    return { ...answered, headers: { ...host.headers(call), ...remaining, ...answered.headers } };
  }

  #hostOf(url: URL): Host | undefined {
    return this.#around.hosts.find(({ serves }) => serves(url));
  }

  /** The URL as the resource manager takes it; other hosts' paths stay as they were sent. */
  #plain(url: URL): URL {
    const path = this.#hostOf(url)?.isResourceManager
      ? plainPath(url.pathname)
      : url.pathname.replace(/\/{2,}/g, '/');
    if (path === url.pathname) return url;
    const plain = new URL(url);
    plain.pathname = path;
    return plain;
  }

  #unknown({ method, url }: Incoming): Answer {
    const path = `${url.host}${url.pathname}`;
    this.#miss(`${method} ${path}`);
    return notSimulated(method, path).toAnswer();
  }

  #find(host: Host, { method, url }: Incoming) {
    for (const route of host.routes) {
      if (route.method !== method) continue;
      const params = route.match(url.pathname);
      if (params) return { route, params };
    }
    return null;
  }

  #call(incoming: Incoming, params: Record<string, string>): Call {
    const { identity, random } = this.#around;
    const { url, headers } = incoming;
    return {
      ...incoming,
      params,
      query: url.searchParams,
      apiVersion: url.searchParams.get('api-version') ?? '',
      caller: callerIn(headers['authorization'], identity) ?? identity,
      correlationId: headers['x-ms-correlation-request-id'] ?? random.guid(),
      requestId: random.guid(),
      failOperation: null,
    };
  }

  #miss(what: string): void {
    this.notSimulated.push(what);
    this.#count('not simulated');
  }

  #count(name: string): void {
    this.requests.set(name, (this.requests.get(name) ?? 0) + 1);
  }

  #record({ method, url, headers, body }: Incoming, answered: Answer): void {
    this.#around.record?.({
      method,
      url: url.href,
      requestHeaders: headers,
      requestBody: body === undefined ? '' : JSON.stringify(body),
      statusCode: answered.status,
      responseHeaders: answered.headers,
      responseBody: bodyText(answered),
      ...(answered.injected ? { injected: true } : {}),
    });
  }
}

/** Takes the call out of the buckets of the resource manager and of the provider. */
function takeTokens(limits: RateLimits, { rate }: Route, call: Call): Record<string, string> {
  const [, , subscription = ''] = subscriptionScope(call.url.pathname).split('/');
  return {
    ...limits.takeGateway(call.method, subscription),
    ...(rate ? limits.takeProvider(rate, resourceOf(call.url.pathname)) : {}),
  };
}

/** Actions and views count for the resource that they belong to; polls for their operation. */
function resourceOf(path: string): string {
  return path.split('/').slice(0, 9).join('/');
}

function refusedBy(host: Host, error: ArmError, call: Call): Answer {
  const failed = host.refusal?.(error, call) ?? error.toAnswer();
  return { ...failed, headers: { ...host.headers(call), ...failed.headers } };
}

function orderedRefusal(
  faults: FaultQueue,
  method: string,
  path: string,
): ArmError | RawRefusal | null {
  const retryAfterS = faults.take('throttle', method, path);
  if (retryAfterS !== null) return throttledByFault(retryAfterS);
  const refusal = faults.take('refuse', method, path);
  if (!refusal || 'body' in refusal) return refusal;
  const { status, code, message, ...detail } = refusal;
  return new ArmError(status, code, message, detail);
}

/** Whoever answers so in front of a service knows none of its headers. */
function raw({ status, body, contentType = 'text/html' }: RawRefusal): Answer {
  return textAnswer(status, body, body === '' ? {} : { 'content-type': contentType });
}

function throttledByFault(retryAfterS: number): ArmError {
  return new ArmError(
    429,
    'TooManyRequests',
    'The server rejected the request because too many requests have been received for this subscription.',
    { headers: { 'retry-after': String(retryAfterS) } },
  );
}
