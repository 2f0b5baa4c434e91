import { createWriteStream, openSync } from 'node:fs';
import type { Exchange } from './gateway.ts';

/** Writes each exchange as one line of JSON. */
export interface Recorder {
  readonly record: (exchange: Exchange) => void;
  close(): Promise<void>;
}

const SIGN_IN = /\/(msi\/token|metadata\/identity\/oauth2\/token)$/i;
const SECRET_HEADERS = new Set([
  'authorization',
  'cookie',
  'secret',
  'x-functions-key',
  'x-identity-header',
]);

/**
 * Opens a recording; what the file held before is gone.
 *
 * @throws the system's error when it cannot be written.
 */
export function openRecorder(file: string): Recorder {
  const stream = createWriteStream(file, { fd: openSync(file, 'w', 0o600) });
  return {
    record: (exchange) => {
      if (!isSignIn(exchange)) stream.write(`${JSON.stringify(withoutSecrets(exchange))}\n`);
    },
    close: () =>
      new Promise((resolve) => {
        stream.end(resolve);
      }),
  };
}

/** Tokens are no traffic with Azure Resource Manager, and nothing to keep. */
function isSignIn({ url }: Exchange): boolean {
  return SIGN_IN.test(new URL(url).pathname);
}

/** An exchange with nothing in it that opens a door. */
export function withoutSecrets(exchange: Exchange): Exchange {
  const url = new URL(exchange.url);
  const hasCode = url.searchParams.has('code');
  if (hasCode) url.searchParams.set('code', 'redacted');
  const headers = Object.entries(exchange.requestHeaders).map(([name, value]) => [
    name,
    SECRET_HEADERS.has(name.toLowerCase()) ? redacted(value) : value,
  ]);
  return {
    ...exchange,
    url: hasCode ? url.href : exchange.url,
    requestHeaders: Object.fromEntries(headers),
  };
}

/** The scheme of an `Authorization` header stays: it tells nothing. */
function redacted(value: string): string {
  return /^Bearer /i.test(value) ? 'Bearer redacted' : 'redacted';
}
