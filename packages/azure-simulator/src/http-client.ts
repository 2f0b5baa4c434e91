import { bodyText } from './arm/answer.ts';
import type { Gateway } from './gateway.ts';

/** Headers as the pipeline of the Azure SDKs wants them: case-insensitive, names kept. */
class SdkHeaders {
  readonly #byName = new Map<string, { name: string; value: string }>();

  constructor(entries: Readonly<Record<string, string>> = {}) {
    for (const [name, value] of Object.entries(entries)) this.set(name, value);
  }

  get(name: string): string | undefined {
    return this.#byName.get(name.toLowerCase())?.value;
  }
  has(name: string): boolean {
    return this.#byName.has(name.toLowerCase());
  }
  set(name: string, value: string | number | boolean): void {
    this.#byName.set(name.toLowerCase(), { name, value: String(value) });
  }
  delete(name: string): void {
    this.#byName.delete(name.toLowerCase());
  }
  toJSON({ preserveCase = false }: { preserveCase?: boolean } = {}): Record<string, string> {
    return Object.fromEntries(
      [...this.#byName].map(([key, { name, value }]) => [preserveCase ? name : key, value]),
    );
  }
  *[Symbol.iterator](): IterableIterator<[string, string]> {
    for (const { name, value } of this.#byName.values()) yield [name, value];
  }
}

/** What is read of a request of the SDKs' pipeline. */
interface SdkRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: { toJSON(options?: { preserveCase?: boolean }): Record<string, string> };
  readonly body?: unknown;
  readonly abortSignal?: {
    readonly aborted: boolean;
    addEventListener(type: 'abort', listener: () => void): void;
    removeEventListener(type: 'abort', listener: () => void): void;
  };
}

interface SdkResponse<R> {
  readonly request: R;
  readonly status: number;
  readonly headers: SdkHeaders;
  readonly bodyAsText: string;
}

/** The transport that an SDK client takes as its `httpClient`. */
export interface SdkHttpClient {
  sendRequest<R extends SdkRequest>(request: R): Promise<SdkResponse<R>>;
}

/** Carries SDK requests to the simulator without a socket. */
export function createHttpClient(gateway: Gateway): SdkHttpClient {
  return {
    async sendRequest(request) {
      if (request.abortSignal?.aborted) throw abortion();
      const headers = Object.fromEntries(
        Object.entries(request.headers.toJSON()).map(([name, value]) => [
          name.toLowerCase(),
          value,
        ]),
      );
      const serving = gateway.serve({
        method: request.method,
        url: new URL(request.url),
        headers,
        ...readBody(request.body),
      });
      const answered = await unlessAborted(serving, request.abortSignal);
      return {
        request,
        status: answered.status,
        headers: new SdkHeaders(answered.headers),
        bodyAsText: bodyText(answered),
      };
    },
  };
}

/** What was asked goes on; only the answer is no longer waited for. */
async function unlessAborted<T>(work: Promise<T>, signal: SdkRequest['abortSignal']): Promise<T> {
  if (!signal) return work;
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(abortion());
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function abortion(): DOMException {
  return new DOMException('The operation was aborted.', 'AbortError');
}

/** A body as the gateway takes it. */
export function readBody(body: unknown): { readonly body: unknown; readonly bodyBytes: number } {
  const bodyBytes = typeof body === 'string' ? Buffer.byteLength(body) : 0;
  return { body: parseBody(body), bodyBytes };
}

/** JSON where it is JSON; a form stays text. */
export function parseBody(body: unknown): unknown {
  if (typeof body !== 'string' || body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
