import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CompletedRequest, generateCACertificate, getLocal } from 'mockttp';
import { contentTooLarge } from './arm/body-rules.ts';
import { ConnectionDroppedError } from './connection-dropped-error.ts';
import { startIdentityEndpoint } from './identity/identity-endpoint.ts';
import type { Simulator } from './simulator.ts';

export interface Proxy {
  /** Environment of a process that shall take the simulator for Azure. */
  readonly env: Readonly<Record<string, string>>;
  readonly url: string;
  stop(): Promise<void>;
}

/** Requests of the SDKs are small; polling URLs make long headers, but not long bodies. */
const MAX_BODY_BYTES = 16 * 2 ** 20;

/**
 * Puts the simulator where Azure is: behind an HTTPS proxy with certificates for any host, and a
 * managed identity endpoint. Nothing is passed on; what is not simulated is answered 501.
 *
 * The proxy's package listens on all interfaces, so whoever does not come from this machine is cut
 * off before anything is answered.
 */
export async function startProxy(
  simulator: Simulator,
  { port }: { readonly port?: number } = {},
): Promise<Proxy> {
  const folder = await mkdtemp(join(tmpdir(), 'simulated-azure-'));
  const https = await generateCACertificate({ subject: { commonName: 'Simulated Azure CA' } });
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, https.cert, { mode: 0o600 });
  const server = getLocal({
    https,
    http2: false,
    recordTraffic: false,
    suggestChanges: false,
    maxBodySize: MAX_BODY_BYTES,
  });
  await server.start(port);
  await server.forAnyRequest().thenCallback((request) => respond(simulator, request));
  const identity = await startIdentityEndpoint(simulator);
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    env: {
      HTTPS_PROXY: url,
      NO_PROXY: '127.0.0.1,localhost',
      NODE_EXTRA_CA_CERTS: caFile,
      REQUESTS_CA_BUNDLE: caFile,
      ...identity.env,
    },
    async stop() {
      await Promise.all([server.stop(), identity.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function respond(simulator: Simulator, request: CompletedRequest) {
  if (!isLoopback(request.remoteIpAddress)) return 'reset' as const;
  const { method, url, headers } = request;
  try {
    const text = await request.body.getText();
    if (isTooLarge(request, text)) {
      const { status, body } = contentTooLarge().toAnswer();
      return { statusCode: status, json: body as object };
    }
    const response = await simulator.handle(
      new Request(withScheme(url), {
        method,
        headers: flat(headers),
        ...(text && method !== 'GET' && method !== 'HEAD' ? { body: text } : {}),
      }),
    );
    return {
      statusCode: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  } catch (error) {
    if (error instanceof ConnectionDroppedError) return 'reset' as const;
    // `TRACE` and the like, and bodies that are too large to be kept.
    if (error instanceof TypeError) return { statusCode: 400 };
    throw error;
  }
}

/** The package drops a body that it does not keep, and tells nobody. */
function isTooLarge({ headers }: CompletedRequest, text: string | undefined): boolean {
  const length = Number(headers['content-length'] ?? 0);
  return length > MAX_BODY_BYTES || (headers['transfer-encoding'] !== undefined && !text);
}

/** The package says `http:` and names the port of what came through a TLS tunnel. */
function withScheme(text: string): URL {
  const url = new URL(text);
  if (url.port === '443') url.protocol = 'https:';
  return url;
}

function isLoopback(address: string | undefined): boolean {
  return /^(::ffff:)?127\.|^::1$/.test(address ?? '');
}

/** Without the headers that belong to the connection; they may not stand in a `Request`. */
function flat(headers: CompletedRequest['headers']): Record<string, string> {
  const hop = new Set(['connection', 'host', 'content-length', 'transfer-encoding', 'expect']);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || hop.has(name) ? [] : [[name, String(value)]],
    ),
  );
}
