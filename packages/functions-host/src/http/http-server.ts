import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer, type HttpAnswer, type HttpCall } from './call.ts';

const MAX_BODY_BYTES = 1_048_576;
const TOO_LARGE = answer(413);

/** The host's socket on loopback. */
export class HttpServer {
  readonly #server: Server;

  constructor(handle: (call: HttpCall) => Promise<HttpAnswer>) {
    this.#server = createServer((request, response) => {
      respond(handle, request, response).catch(() => response.destroy());
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  /** Takes no new requests; `close` then ends the open connections. */
  refuse(): void {
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

async function respond(
  handle: (call: HttpCall) => Promise<HttpAnswer>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const { status, headers, body: content } = await answerTo(handle, request, body);
  const isEmpty = content === null || status === 204 || request.method === 'HEAD';
  const length = isEmpty ? {} : { 'content-length': String(sizeOf(content)) };
  response.writeHead(status, { ...headers, ...length } as OutgoingHttpHeaders);
  response.end(isEmpty ? undefined : content);
}

async function answerTo(
  handle: (call: HttpCall) => Promise<HttpAnswer>,
  request: IncomingMessage,
  body: Buffer | null,
): Promise<HttpAnswer> {
  const origin = `http://${request.headers.host ?? '127.0.0.1'}`;
  const target = request.url ?? '/';
  if (!target.startsWith('/') || !URL.canParse(`${origin}${target}`)) return answer(400);
  if (body === null) return TOO_LARGE;
  const url = new URL(`${origin}${target}`);
  const headers = request.headers as Record<string, string>;
  return await handle({ method: request.method ?? 'GET', url, headers, body });
}

/** Null when the body is larger than the host takes; the rest is read and dropped. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES) return null;
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}

function sizeOf(content: string | Uint8Array): number {
  return typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength;
}

/** Whether a body is larger than the host takes. */
export function isTooLarge(body: Uint8Array): boolean {
  return body.byteLength > MAX_BODY_BYTES;
}
