import type { Accepted, Answer } from '../azure.ts';
import { ask } from './errors.ts';

const SHORTEST_HINT_MS = 1_000;
const LONGEST_HINT_MS = 30_000;

/** What is used of the SDK's pollers. */
interface Poller {
  submitted(): Promise<void>;
  poll(): Promise<{ readonly status: string }>;
}

type OnResponse = (response: {
  readonly headers: { get(name: string): string | undefined };
}) => void;

/** In an object, for the SDK's poller is a promise that would be waited for. */
type Begin = (onResponse: OnResponse) => { readonly poller: Poller };

/**
 * Starts a long-running operation and does not wait for it.
 *
 * Not there (404) is `ok` with null.
 */
export async function accept(operation: string, begin: Begin): Promise<Answer<Accepted | null>> {
  let retryAfterMs: number | null = null;
  let correlationId: string | null = null;
  let operationId: string | null = null;
  const started = await ask(operation, async () => {
    const { poller } = begin(({ headers }) => {
      const seconds = Number(headers.get('retry-after') ?? Number.NaN);
      if (Number.isFinite(seconds)) retryAfterMs ??= clamped(seconds * 1000);
      correlationId ??= headers.get('x-ms-correlation-request-id') ?? null;
      // The operation is named after the request that began it (recorded).
      operationId ??= headers.get('x-ms-request-id') ?? null;
    });
    await poller.submitted();
    return { poller };
  });
  if (started.status !== 'ok' || started.value === null) return started as Answer<null>;

  const { poller } = started.value;
  return {
    status: 'ok',
    value: {
      retryAfterMs,
      correlationId,
      operationId,
      outcome: async () => {
        const polled = await ask(`${operation}: operation`, () => poll(poller));
        return polled;
      },
    },
  };
}

/** A hint, and sometimes a bad one: it may neither make us ask all the time nor sleep for hours. */
function clamped(hintMs: number): number {
  return Math.min(Math.max(hintMs, SHORTEST_HINT_MS), LONGEST_HINT_MS);
}

async function poll(poller: Poller) {
  try {
    const { status } = await poller.poll();
    return status === 'succeeded' ? ({ kind: 'succeeded' } as const) : null;
  } catch (error) {
    const failure = readFailure(error);
    if (failure === null) throw error;
    return failure;
  }
}

/** core-lro gives the operation's error only as text: "… has failed. Code. Message". */
function readFailure(error: unknown) {
  if (!(error instanceof Error)) return null;
  const [, code, message] = /operation has failed\. (\w+)\. (.*)/s.exec(error.message) ?? [];
  if (code && message !== undefined) return { kind: 'failed', code, message } as const;
  return error.message.startsWith('The long-running operation has')
    ? ({ kind: 'failed', code: 'Unknown', message: error.message } as const)
    : null;
}
