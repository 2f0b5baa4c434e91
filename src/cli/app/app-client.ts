import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  proxyPolicyName,
} from '@azure/core-rest-pipeline';
import type { ConversionRecord } from '../../domain/conversion/conversion-record.ts';
import type { ApprovalView } from '../../functions/http/approval-view.ts';
import type { ConversionView } from '../../functions/http/conversion-view.ts';
import type { SweepView } from '../../functions/http/get-sweep.ts';
import type { StopView } from '../../functions/http/stops.ts';
import { UsageError } from '../usage-error.ts';

/** A running keyturn app, over its HTTP interface. */
export interface AppClient {
  list(): Promise<readonly ConversionView[]>;
  get(id: string): Promise<ConversionView>;
  post(target: string, dryRun: boolean): Promise<ConversionView>;
  approvals(): Promise<readonly ApprovalView[]>;
  decide(id: string, decision: Decision): Promise<ApprovalView>;
  sweep(): Promise<SweepView>;
  stops(): Promise<readonly StopView[]>;
  /** Both answer with the stops that stand then. */
  setStop(scope: string, reason: string): Promise<readonly StopView[]>;
  clearStop(scope: string): Promise<readonly StopView[]>;
  /** One page of the journal. */
  history(query: URLSearchParams): Promise<Page<ConversionRecord>>;
  /** Answers of the host itself, such as the Durable management interface. */
  read(path: string, key: string): Promise<unknown>;
}

interface Decision {
  readonly decision: 'approve' | 'reject';
  readonly planDigest: string;
  readonly reason?: string;
}

/** What an app knows its callers by. */
interface Credentials {
  readonly key: string;
  /** Gives the access token of the person behind the command; null: there is only the key. */
  readonly token?: (() => Promise<string>) | null;
}

interface Page<Item> {
  readonly value: readonly Item[];
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
export function appClient(url: string, named: Credentials): AppClient {
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
  // What runs on this machine is not behind the proxy that leads out of it.
  if (isLoopback(url)) pipeline.removePolicy({ name: proxyPolicyName });
  const http = createDefaultHttpClient();

  const ask = async (
    method: HttpMethods,
    path: string,
    { key, token = null }: Credentials,
    body?: object,
  ) => {
    const bearer = await token?.();
    const request = createPipelineRequest({
      url: new URL(path, url).href,
      method,
      headers: createHttpHeaders({
        'x-functions-key': key,
        'content-type': 'application/json',
        ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
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
  // Reading and dry runs need nobody's name, and must not sign anybody in.
  const nameless = { key: named.key };
  const stops = async (method: HttpMethods, path: string, by: Credentials, body?: object) =>
    ((await ask(method, path, by, body)) as { readonly value: readonly StopView[] }).value;

  return {
    list: async () => {
      const page = (await ask('GET', '/api/conversions?top=500', nameless)) as {
        readonly value: readonly ConversionView[];
      };
      return page.value;
    },
    get: async (id) => {
      const path = `/api/conversions/${encodeURIComponent(id)}`;
      return (await ask('GET', path, nameless)) as ConversionView;
    },
    post: async (target, dryRun) => {
      const by = dryRun ? nameless : named;
      return (await ask('POST', '/api/conversions', by, { target, dryRun })) as ConversionView;
    },
    approvals: () => allApprovals((path) => ask('GET', path, nameless)),
    decide: async (id, decision) => {
      const path = `/api/approvals/${encodeURIComponent(id)}`;
      return (await ask('POST', path, named, decision)) as ApprovalView;
    },
    sweep: async () => (await ask('GET', '/api/sweep', nameless)) as SweepView,
    stops: () => stops('GET', '/api/stop', nameless),
    setStop: (scope, reason) => stops('PUT', '/api/stop', named, { scope, reason }),
    clearStop: (scope) => stops('DELETE', `/api/stop?${new URLSearchParams({ scope })}`, named),
    history: async (query) =>
      (await ask('GET', `/api/history?${query}`, nameless)) as Page<ConversionRecord>,
    read: (path, hostKey) => ask('GET', path, { key: hostKey }),
  };
}

async function allApprovals(
  read: (path: string) => Promise<unknown>,
): Promise<readonly ApprovalView[]> {
  const found: ApprovalView[] = [];
  let path: string | null = '/api/approvals?top=500';
  while (path !== null) {
    const { value, nextLink } = (await read(path)) as Page<ApprovalView>;
    found.push(...value);
    path = nextLink === undefined ? null : `/api/approvals${new URL(nextLink).search}`;
  }
  return found;
}

export function isLoopback(url: string): boolean {
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

interface AppError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly details?: readonly { readonly target?: unknown; readonly message?: unknown }[];
}

/** Errors of the app have ARM's shape; those of its host have no body. */
function refusal(url: string, status: number, json: unknown): string {
  const { error } = (json ?? {}) as { error?: AppError };
  if (error?.code !== undefined) {
    const details = (error.details ?? []).map(({ target, message }) => ` ${target}: ${message}.`);
    return `${error.code}: ${error.message}${details.join('')}`;
  }
  if (status === 401 || status === 403) {
    return `${url} refused the key; give the function key with --key.`;
  }
  if (status >= 500) return `keyturn at ${url} could not answer (${status}); its log says why.`;
  return `What answers at ${url} is no keyturn (${status}); name it with --url.`;
}
