import {
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
} from '@azure/core-rest-pipeline';
import { createLocalJWKSet, type JSONWebKeySet, type LocalJWKSet } from 'jose';
import { deadlinePolicy } from '../azure/arm/deadline-policy.ts';
import type { Cloud } from '../azure/clouds.ts';

/** Entra ID announces its keys ahead; Microsoft says to look about once a day. */
const DAY_MS = 86_400_000;
/** Tokens with made-up key IDs must not make the app ask more often. */
const REST_MS = 60_000;

/** The directory's keys cannot be read now, and none are known. */
export class SigningKeysUnavailableError extends Error {
  override readonly name = 'SigningKeysUnavailableError';
}

export interface KeySource {
  readonly cloud: Cloud;
  readonly tenantId: string;
  /** Absent: the SDK's own, which honours HTTPS_PROXY. */
  readonly httpClient?: HttpClient | undefined;
}

interface Known {
  readonly keys: LocalJWKSet;
  readonly ids: ReadonlySet<string>;
  readonly readAtMs: number;
}

/**
 * The keys by which a directory signs tokens, kept for a day; a key ID that is not among them has
 * them read again, once a minute at most.
 *
 * Source: "Signing key rollover in the Microsoft identity platform"; "Access tokens", section
 * "Validate the signature".
 *
 * @throws SigningKeysUnavailableError
 */
export function signingKeys(source: KeySource): (keyId: string) => Promise<LocalJWKSet> {
  const read = reader(source);
  let known: Known | null = null;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let failure: unknown = null;
  let asking: Promise<void> | null = null;

  const ask = async (): Promise<void> => {
    askedAtMs = Date.now();
    try {
      known = await read();
    } catch (error) {
      failure = error;
    } finally {
      asking = null;
    }
  };
  return async (keyId) => {
    if (!isFresh(known, keyId) && isOver(askedAtMs, REST_MS)) asking ??= ask();
    await asking;
    if (known !== null) return known.keys;
    const message = "The directory's signing keys cannot be read.";
    throw new SigningKeysUnavailableError(message, { cause: failure });
  };
}

function isFresh(known: Known | null, keyId: string): boolean {
  return known?.ids.has(keyId) === true && !isOver(known.readAtMs, DAY_MS);
}

/** Also for a clock that was set back. */
function isOver(sinceMs: number, ms: number): boolean {
  return Math.abs(Date.now() - sinceMs) >= ms;
}

function reader({ cloud, tenantId, httpClient = createDefaultHttpClient() }: KeySource) {
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
  pipeline.addPolicy(deadlinePolicy);
  const get = async (url: string): Promise<Record<string, unknown>> => {
    const response = await pipeline.sendRequest(httpClient, createPipelineRequest({ url }));
    if (response.status !== 200) throw new Error(`${url} answered ${response.status}.`);
    return JSON.parse(response.bodyAsText ?? '');
  };

  return async (): Promise<Known> => {
    const issuer = `${cloud.tokenIssuers.v2}/${tenantId}/v2.0`;
    const about = await get(`${issuer}/.well-known/openid-configuration`);
    const keysUrl = String(about['jwks_uri']);
    // Keys from anywhere else would sign for anybody.
    if (about['issuer'] !== issuer || !URL.canParse(keysUrl) || !isAt(keysUrl, issuer)) {
      throw new Error(`${issuer} describes another directory.`);
    }
    const { keys } = (await get(keysUrl)) as unknown as JSONWebKeySet;
    const ids = new Set(keys.flatMap(({ kid }) => kid ?? []));
    return { keys: createLocalJWKSet({ keys }), ids, readAtMs: Date.now() };
  };
}

function isAt(url: string, issuer: string): boolean {
  return new URL(url).origin === new URL(issuer).origin;
}
