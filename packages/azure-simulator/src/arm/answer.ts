/** A request as it reaches a service, wherever it came from: in process or through the proxy. */
export interface Incoming {
  readonly method: string;
  readonly url: URL;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, or text that is none; `undefined` when there is no body. */
  readonly body: unknown;
  /** Length of the body as it was sent. */
  readonly bodyBytes?: number;
}

/**
 * A response before it is put on a wire. Not a `Response`, because reading one is asynchronous and
 * in-process clients under virtual time want as few turns of the loop as possible.
 */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON value; `undefined` for an empty body. */
  readonly body: unknown;
  /** Set instead of `body` by a service that writes something else than JSON, or its own. */
  readonly text?: string;
  /** Set when the answer accepts a long-running operation: its event is raised when that ends. */
  readonly operationId?: string;
  /** Set when a fault on order answered, and no service. */
  readonly injected?: true;
}

export function answer(
  status: number,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers, body };
}

export function textAnswer(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>>,
): Answer {
  return { status, headers, body: undefined, text };
}

/** The body as text, `''` for none. */
export function bodyText({ body, text }: Answer): string {
  if (text !== undefined) return text;
  if (body === undefined) return '';
  return JSON.stringify(body);
}

/** Says how long the body is, as every answer of Azure's does that may have one. Source: recorded. */
export function withLength(answered: Answer, method: string): Answer {
  const { status, headers, injected } = answered;
  if (injected || status === 204 || status === 304 || method === 'HEAD') return answered;
  const text = bodyText(answered);
  const length = String(Buffer.byteLength(text));
  return { ...answered, text, headers: { ...headers, 'content-length': length } };
}
