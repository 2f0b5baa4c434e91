import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  RestError,
} from '@azure/core-rest-pipeline';
import { type ArmConnection, clientOptions } from './arm-clients.ts';
import { deadlinePolicy } from './deadline-policy.ts';

/**
 * Sends one request to Azure Resource Manager.
 *
 * @param path from the root, checked and without a query; or a link of Resource Manager's own.
 * @returns the body; null when there is none.
 * @throws RestError as the SDK clients do: for every status from 400 on, and when no answer came.
 */
export type ArmRequest = (
  method: HttpMethods,
  path: string | URL,
  apiVersion: string,
  body?: object,
) => Promise<unknown>;

/** For the few calls of Resource Manager's own, for which its SDK would be the largest dependency. */
export function armRequest(connection: ArmConnection): ArmRequest {
  const { endpoint, credentials, retryOptions } = clientOptions(connection);
  const httpClient = connection.httpClient ?? createDefaultHttpClient();
  const pipeline = createPipelineFromOptions({ retryOptions });
  const { credential } = connection;
  pipeline.addPolicy(deadlinePolicy);
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: credentials.scopes }));

  return async (method, path, apiVersion, body) => {
    const url = path instanceof URL ? path : new URL(encodeURI(path), endpoint);
    // A token goes to nobody else, whatever a link says.
    if (url.origin !== new URL(endpoint).origin)
      throw new Error(`${url.origin} is not ${endpoint}`);
    url.searchParams.set('api-version', apiVersion);
    const request = createPipelineRequest({
      url: url.href,
      method,
      headers: createHttpHeaders({
        accept: 'application/json',
        ...(body ? { 'content-type': 'application/json' } : {}),
      }),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const response = await pipeline.sendRequest(httpClient, request);
    const json = parse(response.bodyAsText);
    if (response.status < 400) return json;

    const { code, message } = errorOf(json);
    const statusCode = response.status;
    throw new RestError(message, { code, statusCode, request, response });
  };
}

/** A 5xx was recorded with an empty body, and with one that is no JSON. */
function parse(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}

function errorOf(json: unknown): { code: string; message: string } {
  const { error } = (json ?? {}) as { error?: { code?: unknown; message?: unknown } };
  return { code: String(error?.code ?? 'Unknown'), message: String(error?.message ?? '') };
}
