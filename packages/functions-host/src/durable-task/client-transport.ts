import { createRequire } from 'node:module';
import type { HttpAnswer, HttpCall } from '../http/call.ts';

type Handle = (call: HttpCall) => Promise<HttpAnswer>;

interface AxiosConfig {
  readonly method?: string;
  readonly url?: string;
  readonly data?: unknown;
  readonly headers?: Iterable<[string, unknown]> | Record<string, unknown>;
}
type Adapter = (config: AxiosConfig) => Promise<unknown>;
interface Axios {
  readonly defaults: { adapter?: unknown };
  getAdapter(adapters: unknown): Adapter;
}

/** Shared by all hosts of the process, and by copies of this module. */
const HOSTS = Symbol.for('keyturn.host.client-transport');
const shared = globalThis as { [HOSTS]?: Map<string, Handle> };

/**
 * Lets the durable client of durable-functions reach a host of this process without a socket:
 * its axios asks this map first. Faster, and all that works under fake timers.
 *
 * @param origin must differ between all hosts of the process.
 * @returns takes the host out again; calls to it then fail as to a host that is gone.
 */
export function connectDurableClient(origin: string, handle: Handle): () => void {
  const hosts = install();
  hosts.set(origin, handle);
  return () => {
    hosts.set(origin, () => Promise.reject(new Error(`connect ECONNREFUSED ${origin}`)));
  };
}

function install(): Map<string, Handle> {
  const installed = shared[HOSTS];
  if (installed !== undefined) return installed;
  const hosts = new Map<string, Handle>();
  shared[HOSTS] = hosts;
  // The copy that durable-functions itself loads, which need not be the one nearest to this file.
  const fromHere = createRequire(import.meta.url);
  const fromDurable = createRequire(fromHere.resolve('durable-functions'));
  const axios = fromDurable('axios') as Axios;
  const others = axios.getAdapter(axios.defaults.adapter);
  axios.defaults.adapter = async (config: AxiosConfig) => {
    const url = new URL(String(config.url));
    const handle = hosts.get(url.origin);
    return handle === undefined
      ? others(config)
      : toAxios(config, await handle(toCall(config, url)));
  };
  return hosts;
}

function toCall(config: AxiosConfig, url: URL): HttpCall {
  const headers = Object.entries({ ...config.headers }).map(([name, value]) => [
    name.toLowerCase(),
    String(value),
  ]);
  return {
    method: String(config.method ?? 'get').toUpperCase(),
    url,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: typeof config.data === 'string' ? Buffer.from(config.data) : Buffer.alloc(0),
  };
}

function toAxios(config: AxiosConfig, answer: HttpAnswer): object {
  const { status, headers, body } = answer;
  const data = body === null ? '' : Buffer.from(body).toString('utf8');
  return { data, status, statusText: '', headers: { ...headers }, config, request: {} };
}
