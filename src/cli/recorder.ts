import { createWriteStream } from 'node:fs';
import type { Exchange } from '../simulator/gateway.ts';

/** Writes each exchange as one line of JSON. */
export interface Recorder {
  readonly record: (exchange: Exchange) => void;
  close(): Promise<void>;
}

/** @param file path, or undefined: nothing is recorded. */
export function recorder(file: string | undefined): Recorder | null {
  if (file === undefined) return null;
  const stream = createWriteStream(file, { mode: 0o600 });
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
  return new URL(url).pathname.includes('/msi/token');
}

function withoutSecrets(exchange: Exchange): Exchange {
  const url = new URL(exchange.url);
  if (url.searchParams.has('code')) url.searchParams.set('code', 'redacted');
  const headers = Object.entries(exchange.requestHeaders).map(([name, value]) =>
    name.toLowerCase() === 'authorization' ? [name, 'Bearer redacted'] : [name, value],
  );
  const code = url.searchParams.has('code');
  return {
    ...exchange,
    url: code ? url.href : exchange.url,
    requestHeaders: Object.fromEntries(headers),
  };
}
