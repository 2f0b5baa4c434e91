import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  proxyPolicyName,
} from '@azure/core-rest-pipeline';
import type { ConversionRecord } from '../domain/conversion-record.ts';
import type { ConversionView } from '../functions/conversion-view.ts';
import { UsageError } from './usage-error.ts';

/** A running keyturn app, over its HTTP interface. */
export interface AppClient {
  list(): Promise<readonly ConversionView[]>;
  get(id: string): Promise<ConversionView>;
  post(target: string, dryRun: boolean): Promise<ConversionView>;
  stop(id: string): Promise<ConversionView>;
  /** One page of the journal. */
  history(query: URLSearchParams): Promise<HistoryPage>;
  /** Answers of the host itself, such as the Durable management interface. */
  read(path: string, key: string): Promise<unknown>;
}

interface HistoryPage {
  readonly value: readonly ConversionRecord[];
  /** Absent on the last page. */
  readonly nextLink?: string;
}

const TIMEOUT_MS = 60_000;

/**
 * Talks to an app.
 *
 * @throws UsageError, from every call, when the app cannot be reached or says no: its message says
 * what to do.
 */
export function appClient(url: string, key: string): AppClient {
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
  // What runs on this machine is not behind the proxy that leads out of it.
  if (isLoopback(url)) pipeline.removePolicy({ name: proxyPolicyName });
  const http = createDefaultHttpClient();

  const ask = async (method: HttpMethods, path: string, withKey: string, body?: object) => {
    const request = createPipelineRequest({
      url: new URL(path, url).href,
      method,
      headers: createHttpHeaders({
        'x-functions-key': withKey,
        'content-type': 'application/json',
      }),
      timeout: TIMEOUT_MS,
      allowInsecureConnection: true,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer = await pipeline.sendRequest(http, request).catch((error: unknown) => {
      throw new UsageError(`There is no keyturn at ${url}; start one, or name it with --url.`, {
        cause: error,
      });
    });
    const json = jsonIn(answer.bodyAsText ?? '');
    if (answer.status < 400 && json !== undefined) return json;
    throw new UsageError(refusal(url, answer.status, json));
  };
  const conversion = async (method: HttpMethods, path: string, body?: object) =>
    (await ask(method, path, key, body)) as ConversionView;

  return {
    list: async () => {
      const page = (await ask('GET', '/api/conversions?top=500', key)) as {
        readonly value: readonly ConversionView[];
      };
      return page.value;
    },
    get: (id) => conversion('GET', `/api/conversions/${encodeURIComponent(id)}`),
    post: (target, dryRun) => conversion('POST', '/api/conversions', { target, dryRun }),
    stop: (id) => conversion('DELETE', `/api/conversions/${encodeURIComponent(id)}`),
    history: async (query) => (await ask('GET', `/api/history?${query}`, key)) as HistoryPage,
    read: (path, hostKey) => ask('GET', path, hostKey),
  };
}

function isLoopback(url: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}

/** Undefined when it is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Errors of the app have ARM's shape; those of its host have no body. */
function refusal(url: string, status: number, json: unknown): string {
  const { error } = (json ?? {}) as { error?: { code?: unknown; message?: unknown } };
  if (error?.code !== undefined) return `${error.code}: ${error.message}`;
  if (status === 401 || status === 403) {
    return `${url} refused the key; give the function key with --key.`;
  }
  if (status >= 500) return `keyturn at ${url} could not answer (${status}); its log says why.`;
  return `What answers at ${url} is no keyturn (${status}); name it with --url.`;
}
