import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
} from '@azure/core-rest-pipeline';
import { CONTROL_HOST } from '@keyturn/azure-simulator/control-plane';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

const TIMEOUT_MS = 30_000;
const ADVICE =
  'Set the environment that keyturn simulate prints: HTTPS_PROXY and NODE_EXTRA_CA_CERTS.';

/**
 * Asks the running simulated Azure that the environment leads to; the body of its answer.
 *
 * @throws UsageError when there is none, or it says no.
 */
export async function askSimulator(
  { environment }: Terminal,
  method: HttpMethods,
  path: string,
  body?: unknown,
): Promise<unknown> {
  if (!environment['HTTPS_PROXY']) throw new UsageError(`There is no HTTPS_PROXY. ${ADVICE}`);
  const request = createPipelineRequest({
    url: `https://${CONTROL_HOST}${path}`,
    method,
    headers: createHttpHeaders({ 'content-type': 'application/json' }),
    timeout: TIMEOUT_MS,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
  const answer = await pipeline
    .sendRequest(createDefaultHttpClient(), request)
    .catch((cause: unknown) => {
      throw new UsageError(`No simulated Azure answers. ${ADVICE}`, { cause });
    });
  const json = jsonIn(answer.bodyAsText ?? '');
  if (answer.status < 300) return json;
  const { errors } = (json ?? {}) as { readonly errors?: unknown };
  if (!Array.isArray(errors)) throw new UsageError(`No simulated Azure answers. ${ADVICE}`);
  throw new UsageError(
    `The simulated Azure says no:\n${errors.map((it) => `  - ${it}`).join('\n')}`,
  );
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
