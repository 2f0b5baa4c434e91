import type { RegisteredFunction, RpcData } from '../functions-core.ts';
import { type Log, messageOf } from '../host-log.ts';
import { triggerOf, type Worker } from '../worker.ts';
import type { Access } from './access.ts';
import { answer, type HttpAnswer, type HttpCall } from './call.ts';
import { compareRoutes, matchRoute, parseRoute, type Route } from './route.ts';

interface HttpFunction {
  readonly fn: RegisteredFunction;
  readonly route: Route;
  readonly methods: ReadonlySet<string>;
  readonly level: string;
}

interface RpcHttp {
  readonly statusCode?: string;
  readonly headers?: Record<string, string>;
  readonly cookies?: readonly { name: string; value: string; [option: string]: unknown }[];
  readonly body?: { readonly bytes?: Uint8Array; readonly string?: string } | null;
}

/** Runs the functions with an HTTP trigger. */
export class HttpTrigger {
  readonly #worker: Worker;
  readonly #access: Access;
  readonly #log: Log;
  readonly #functions: readonly HttpFunction[];
  readonly #extraInputs: (fn: RegisteredFunction) => { name: string; data: RpcData }[];

  constructor(options: {
    worker: Worker;
    access: Access;
    log: Log;
    extraInputs: (fn: RegisteredFunction) => { name: string; data: RpcData }[];
  }) {
    this.#worker = options.worker;
    this.#access = options.access;
    this.#log = options.log;
    this.#extraInputs = options.extraInputs;
    this.#functions = [...options.worker.functions.values()]
      .flatMap((fn) => describe(fn))
      .sort((a, b) => compareRoutes(a.route, b.route));
  }

  /** @param path behind the route prefix, as sent. */
  async handle(call: HttpCall, path: string): Promise<HttpAnswer> {
    for (const candidate of this.#functions) {
      if (!candidate.methods.has(call.method)) continue;
      const params = matchRoute(candidate.route, path);
      if (params === null) continue;
      return (
        this.#access.refuseFunction(call, candidate.level) ??
        (await this.#run(candidate.fn, call, params))
      );
    }
    // Recorded: a wrong method is 404 as well, never 405.
    return answer(404);
  }

  async #run(
    fn: RegisteredFunction,
    call: HttpCall,
    params: Record<string, string>,
  ): Promise<HttpAnswer> {
    const query: Record<string, string> = {};
    for (const [name, value] of call.url.searchParams) {
      const before = query[name];
      query[name] = before === undefined ? value : `${before},${value}`;
    }
    const http = {
      method: call.method,
      url: call.url.href,
      headers: call.headers,
      params,
      query,
      body: call.body.length === 0 ? null : { bytes: call.body },
    };
    const data: RpcData = { data: 'http', http };
    try {
      const returned = await this.#worker.invoke(fn, {
        data: [{ name: triggerOf(fn)?.name ?? '', data }, ...this.#extraInputs(fn)],
      });
      return toAnswer(returned);
    } catch (error) {
      this.#log({ level: 'error', message: messageOf(error), functionName: fn.name, error });
      return answer(500);
    }
  }
}

function describe(fn: RegisteredFunction): HttpFunction[] {
  const binding = Object.values(fn.bindings).find(({ type }) => /^httpTrigger$/i.test(type));
  if (binding === undefined) return [];
  const methods = (binding['methods'] ?? ['GET', 'POST']) as string[];
  return [
    {
      fn,
      route: parseRoute(String(binding['route'] ?? fn.name)),
      methods: new Set(methods.map((method) => method.toUpperCase())),
      level: String(binding['authLevel'] ?? 'anonymous').toLowerCase(),
    },
  ];
}

function toAnswer(returned: RpcData | null): HttpAnswer {
  if (returned === null) return answer(204);
  const { statusCode = '200', headers = {}, cookies = [], body } = (returned.http ?? {}) as RpcHttp;
  const bytes = body?.bytes ?? body?.string ?? null;
  const setCookies = cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`);
  return {
    status: Number(statusCode),
    headers: setCookies.length === 0 ? headers : { ...headers, 'set-cookie': setCookies },
    body: bytes === null || bytes.length === 0 ? null : bytes,
  };
}
