import { isRestError, type RestError } from '@azure/core-rest-pipeline';
import { classifyFailure } from '../../domain/conversion/classify-failure.ts';
import type { Answer } from '../azure.ts';

/**
 * Azure could not answer now: a 5xx without a time to come back, no network, or no token.
 *
 * The only error an adapter throws on purpose, so whatever an activity throws is worth a retry.
 * What Azure refuses for good comes back as data: see `Answer`.
 */
export class AzureUnavailableError extends Error {
  override readonly name = 'AzureUnavailableError';
  /** ARM's code, or the network's, e.g. `ECONNRESET`. */
  readonly code: string;
  /** HTTP status; 0 when no response came. */
  readonly statusCode: number;

  constructor(operation: string, failure: { code: string; statusCode: number; cause: unknown }) {
    super(`${operation} failed: ${failure.statusCode} ${failure.code}`, { cause: failure.cause });
    this.code = failure.code;
    this.statusCode = failure.statusCode;
  }
}

const BUSY_RETRY_MS = 5_000;
const THROTTLED_RETRY_MS = 10_000;
/** A time that is over, or zero, must not turn into asking at once, again and again. */
const LEAST_RETRY_MS = 1_000;

/**
 * Asks Azure one thing and sorts what comes back.
 *
 * @param operation what was asked, for messages, e.g. `read disk`.
 * @throws AzureUnavailableError when Azure gave no answer, or no token to ask with; anything else
 * that is no answer of Azure's, such as a bug, as it came.
 */
export async function ask<T>(operation: string, call: () => Promise<T>): Promise<Answer<T | null>> {
  try {
    return { status: 'ok', value: await call() };
  } catch (error) {
    if (isSignInFailure(error)) throw withoutToken(operation, error);
    if (!isRestError(error)) throw error;
    return sortFailure(operation, error);
  }
}

function withoutToken(operation: string, cause: unknown): AzureUnavailableError {
  return new AzureUnavailableError(operation, { code: 'SignInFailed', statusCode: 0, cause });
}

/** By name, as @azure/identity 4.14.1 calls them: the identity endpoint has outages of its own. */
function isSignInFailure(error: unknown): boolean {
  const name = error instanceof Error ? error.name : '';
  return /^(Aggregate)?Authentication(Required)?Error$|^CredentialUnavailableError$/.test(name);
}

function sortFailure(operation: string, error: RestError): Answer<null> {
  const statusCode = error.statusCode ?? 0;
  const code = error.code ?? String(statusCode);
  const saidMs = retryAfterOf(error);
  const retryAfterMs = saidMs === null ? null : Math.max(saidMs, LEAST_RETRY_MS);

  // A subscription that is not found, or no longer ours, says nothing of what is in it.
  if (statusCode === 404 && code !== 'SubscriptionNotFound') return { status: 'ok', value: null };
  if (statusCode === 429 || (statusCode === 503 && retryAfterMs !== null)) {
    return { status: 'throttled', code, retryAfterMs: retryAfterMs ?? THROTTLED_RETRY_MS };
  }
  const failure = { code, message: textOf(error), innerCodes: innerCodesOf(error) };
  if (statusCode === 409 && classifyFailure(failure) === 'throttled') {
    return { status: 'throttled', code, retryAfterMs: retryAfterMs ?? BUSY_RETRY_MS };
  }
  if (statusCode === 0 || statusCode === 408 || statusCode >= 500) {
    throw new AzureUnavailableError(operation, { code, statusCode, cause: error });
  }
  return { status: 'refused', ...failure };
}

/** ARM says when in a header, in seconds or as a date; the disk RP was seen to say it in the text. */
function retryAfterOf({ response, message }: RestError): number | null {
  const ms = response?.headers.get('x-ms-retry-after-ms');
  if (ms && Number(ms) >= 0) return Number(ms);
  const header = response?.headers.get('retry-after');
  if (header) {
    const seconds = Number(header);
    const said = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
    if (Number.isFinite(said)) return said;
  }
  const inText = /try again after '(\d+)' seconds/i.exec(message)?.[1];
  return inText ? Number(inText) * 1000 : null;
}

/** The first line of Azure's own text: never headers, never the request. */
function textOf({ message }: RestError): string {
  return message.split('\n', 1)[0]?.slice(0, 1_000) ?? '';
}

interface ErrorBody {
  readonly error?: {
    readonly innererror?: { readonly code?: unknown; readonly internalErrorCode?: unknown };
    readonly details?: readonly { readonly code?: unknown }[];
  };
}

/** The cause is often only named within: the outer code may be as little as `BadRequest`. */
function innerCodesOf({ response }: RestError): readonly string[] {
  try {
    const { error } = JSON.parse(response?.bodyAsText ?? '{}') as ErrorBody;
    const details = Array.isArray(error?.details) ? error.details : [];
    const codes = [error?.innererror?.code, error?.innererror?.internalErrorCode];
    return [...codes, ...details.map((detail) => detail?.code)].filter(
      (code) => typeof code === 'string',
    );
  } catch {
    return [];
  }
}
