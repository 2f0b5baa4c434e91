/** One HTTP request, wherever it came from. */
export interface HttpCall {
  readonly method: string;
  readonly url: URL;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Uint8Array | null;
}

export function answer(
  status: number,
  body: string | null = null,
  headers: HttpAnswer['headers'] = {},
): HttpAnswer {
  return { status, headers, body };
}

export function jsonAnswer(
  status: number,
  value: unknown,
  headers: HttpAnswer['headers'] = {},
): HttpAnswer {
  return answer(status, JSON.stringify(value), {
    'content-type': 'application/json; charset=utf-8',
    ...headers,
  });
}

export async function callOf(request: Request): Promise<HttpCall> {
  return {
    method: request.method,
    url: new URL(request.url),
    headers: Object.fromEntries(request.headers),
    body: Buffer.from(await request.arrayBuffer()),
  };
}

export function toResponse({ status, headers, body }: HttpAnswer): Response {
  const list = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : value.map((one) => [name, one]),
  ) as [string, string][];
  // A Response of these statuses refuses any body, also an empty one.
  const content = status === 204 || status === 205 || status === 304 ? null : body;
  return new Response(content as string | null, { status, headers: list });
}
