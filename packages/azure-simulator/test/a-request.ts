import type { Simulator } from '../src/simulator.ts';

export interface ARequest {
  readonly method?: string;
  /** `Bearer static` when absent, none when `null`. */
  readonly authorization?: string | null;
  /** `application/json` when absent and there is a body. */
  readonly contentType?: string;
  /** Sent as JSON, or as it is when it is text. */
  readonly body?: unknown;
}

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers: Headers;
}

/** One request as anybody may send it, right or wrong, and what was said against it. */
export async function refusalOf(
  { handle }: Pick<Simulator, 'handle'>,
  url: string,
  { method = 'GET', authorization = 'Bearer static', contentType, body }: ARequest = {},
): Promise<Refusal> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const response = await handle(
    new Request(url, {
      method,
      headers: {
        ...(authorization === null ? {} : { authorization }),
        ...(text === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
      },
      ...(text === undefined ? {} : { body: text }),
    }),
  );
  const { status, headers } = response;
  const said: unknown = await response.json().catch(() => null);
  const { code = '', message = '' } = (said as { error?: Refusal } | null)?.error ?? {};
  return { status, code, message, headers };
}

/** A token that says this, and is signed by nobody. */
export function bearer(claims: object): string {
  const [head, payload] = [{ alg: 'RS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return `Bearer ${head}.${payload}.c2lnbmF0dXJl`;
}
