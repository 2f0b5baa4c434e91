import { createHttpHeaders, type PipelineRequest } from '@azure/core-rest-pipeline';
import type { Azure } from '../../src/azure/azure.ts';
import { CLOUDS, type CloudName } from '../../src/azure/clouds.ts';
import { connectAzure } from '../../src/azure/connect.ts';

interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface ScriptedAzure {
  readonly azure: Azure;
  readonly requests: PipelineRequest[];
  readonly scopes: string[];
}

/** The real adapters and SDKs over answers that a test makes up. */
export function anAzure(
  reply: (url: URL, request: PipelineRequest) => Reply | Error,
  cloud: CloudName = 'AzureCloud',
): ScriptedAzure {
  const requests: PipelineRequest[] = [];
  const scopes: string[] = [];
  const azure = connectAzure({
    cloud: CLOUDS[cloud],
    credential: {
      getToken: async (scope) => {
        scopes.push(...[scope].flat());
        return { token: 'static', expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
      },
    },
    httpClient: {
      sendRequest: async (request) => {
        requests.push(request);
        const answered = reply(new URL(request.url), request);
        if (answered instanceof Error) throw answered;
        const { status = 200, body = '', headers = {} } = answered;
        const bodyAsText = typeof body === 'string' ? body : JSON.stringify(body);
        return { request, status, headers: createHttpHeaders(headers), bodyAsText };
      },
    },
  });
  return { azure, requests, scopes };
}
