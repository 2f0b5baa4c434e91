export const WEBHOOK_PATH = '/runtime/webhooks/durabletask';
export const RPC_PATH = '/durabletask';

/** The links that tell a caller how to manage an instance. */
export class ManagementUrls {
  readonly #taskHub: string;
  readonly #code: string;

  /** @param code the key that the links carry; empty when no keys are enforced. */
  constructor(taskHub: string, code: string) {
    this.#taskHub = taskHub;
    this.#code = code;
  }

  /** @param encodedId the id as it stands in a URL. */
  links(origin: string, id: string, encodedId: string): Record<string, string> {
    const instance = `${origin}${WEBHOOK_PATH}/instances/${encodedId}`;
    const hub = `taskHub=${this.#taskHub}&connection=Storage&${this.query}`;
    return {
      id,
      statusQueryGetUri: `${instance}?${hub}`,
      sendEventPostUri: `${instance}/raiseEvent/{eventName}?${hub}`,
      terminatePostUri: `${instance}/terminate?reason={text}&${hub}`,
      rewindPostUri: `${instance}/rewind?reason={text}&${hub}`,
      purgeHistoryDeleteUri: `${instance}?${hub}`,
      restartPostUri: `${instance}/restart?${hub}`,
      suspendPostUri: `${instance}/suspend?reason={text}&${hub}`,
      resumePostUri: `${instance}/resume?reason={text}&${hub}`,
    };
  }

  get query(): string {
    return `code=${encodeURIComponent(this.#code)}`;
  }

  /** The value of the `durableClient` binding. */
  clientBinding(origin: string): Record<string, unknown> {
    const baseUrl = `${origin}${WEBHOOK_PATH}`;
    const create = `${baseUrl}/orchestrators/{functionName}[/{instanceId}]`;
    return {
      taskHubName: this.#taskHub,
      connectionName: null,
      creationUrls: {
        createNewInstancePostUri: `${create}?${this.query}`,
        createAndWaitOnNewInstancePostUri: `${create}?timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}&${this.query}`,
      },
      managementUrls: this.links(origin, 'INSTANCEID', 'INSTANCEID'),
      baseUrl,
      requiredQueryStringParameters: this.query,
      rpcBaseUrl: `${origin}${RPC_PATH}/`,
      httpBaseUrl: null,
      maxGrpcMessageSizeInBytes: null,
      grpcHttpClientTimeout: null,
    };
  }
}

/** Recorded: an id in a path is decoded once by the server and once more as a form value. */
export function decodeInstanceId(segment: string): string {
  const once = safeDecode(segment);
  return safeDecode(once.replaceAll('+', ' '));
}

/** The form encoding of .NET, which links carry. */
export function encodeInstanceId(id: string): string {
  return encodeURIComponent(id).replaceAll('%20', '+').replaceAll("'", '%27');
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
