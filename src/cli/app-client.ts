import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
} from '@azure/core-rest-pipeline';
import type { ConversionView } from '../functions/conversion-view.ts';
import { UsageError } from './usage-error.ts';

/** A running keyturn app, over its HTTP interface. */
export interface AppClient {
  list(): Promise<readonly ConversionView[]>;
  get(id: string): Promise<ConversionView>;
  post(target: string, dryRun: boolean): Promise<ConversionView>;
  stop(id: string): Promise<ConversionView>;
  /** Answers of the host itself, such as the Durable management interface. */
  read(path: string, key: string): Promise<unknown>;
}

/**
 * Talks to an app.
 *
 * @throws UsageError, from every call, when the app cannot be reached or says no: its message says
 * what to do.
 */
export function appClient(url: string, key: string): AppClient {
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
  const http = createDefaultHttpClient();

  const ask = async (method: HttpMethods, path: string, withKey: string, body?: object) => {
    const request = createPipelineRequest({
      url: new URL(path, url).href,
      method,
      headers: createHttpHeaders({
        'x-functions-key': withKey,
        'content-type': 'application/json',
      }),
      allowInsecureConnection: true,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer = await pipeline.sendRequest(http, request).catch((error: unknown) => {
      throw new UsageError(`There is no keyturn at ${url}; start one, or name it with --url.`, {
        cause: error,
      });
    });
    if (answer.status === 401 || answer.status === 403) throw refused(url, answer.bodyAsText);
    const json: unknown = answer.bodyAsText ? JSON.parse(answer.bodyAsText) : null;
    if (answer.status >= 400) throw refused(url, answer.bodyAsText);
    return json;
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
    read: (path, hostKey) => ask('GET', path, hostKey),
  };
}

function refused(url: string, body: string | null | undefined): UsageError {
  try {
    const { error } = JSON.parse(body ?? '') as { error: { code: string; message: string } };
    return new UsageError(`${error.code}: ${error.message}`);
  } catch {
    return new UsageError(`${url} refused the key; give the function key with --key.`);
  }
}
