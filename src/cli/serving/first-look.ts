import type { Host } from '@keyturn/functions-host/host';
import { pause } from '../pause.ts';

/** What the first thing that the app asked of Azure came to. */
export interface FirstLook {
  readonly kind: 'ok' | 'not-signed-in' | 'failed' | 'refused';
  /** What was said, for `failed`; ARM's code, for `refused`. */
  readonly reason: string;
}

const OK: FirstLook = { kind: 'ok', reason: '' };
const LOOK_EVERY_MS = 100;
const GIVE_UP_AFTER_MS = 120_000;
const SWEEP = '/runtime/webhooks/durabletask/instances/sweep';
/** How the app says that it has no token, and how the identity library does. */
const NO_TOKEN = /SignInFailed|credential|authentication(required)?error|AADSTS\d+/i;

interface SweepStatus {
  readonly runtimeStatus?: string;
  readonly lastUpdatedTime?: string;
  readonly output?: unknown;
  readonly historyEvents?: readonly {
    readonly EventType: string;
    readonly Timestamp: string;
    readonly Reason?: string;
  }[];
}

/**
 * Starts a sweep and waits for what comes of its first call to Azure: what happened while nothing
 * ran here was not delivered, so it has to look at once, and the look shows whether it can sign in.
 *
 * Null when nothing came of it before the signal was aborted.
 */
export async function firstLook(
  host: Host,
  keys: { readonly master: string; readonly durableTask: string },
  signal: AbortSignal,
): Promise<FirstLook | null> {
  const sinceMs = Date.now();
  await ask(host, 'POST', '/admin/functions/onSweepDue', keys.master);
  while (!signal.aborted && Date.now() - sinceMs < GIVE_UP_AFTER_MS) {
    const answer = await ask(host, 'GET', `${SWEEP}?showHistory=true`, keys.durableTask);
    const look = answer.ok ? readSweep((await answer.json()) as SweepStatus, sinceMs) : null;
    if (look?.kind === 'not-signed-in') await endSweep(host, keys.durableTask, signal);
    if (look !== null) return look;
    await pause(LOOK_EVERY_MS, signal);
  }
  return null;
}

/** It would wait for its next try, and a start after the sign-in would wait with it. */
async function endSweep(host: Host, key: string, signal: AbortSignal): Promise<void> {
  await ask(host, 'POST', `${SWEEP}/terminate?reason=not-signed-in`, key);
  for (let look = 1; look <= 20; look += 1) {
    const { runtimeStatus } = (await (await ask(host, 'GET', SWEEP, key)).json()) as SweepStatus;
    if (runtimeStatus !== 'Running' && runtimeStatus !== 'Pending') return;
    await pause(LOOK_EVERY_MS, signal);
  }
}

/**
 * Reads the sweep's own history; null as long as nothing that is newer than `sinceMs` has ended.
 */
export function readSweep(
  { runtimeStatus, lastUpdatedTime, output, historyEvents = [] }: SweepStatus,
  sinceMs: number,
): FirstLook | null {
  const ended = historyEvents.filter(({ Timestamp }) => Date.parse(Timestamp) >= sinceMs);
  const failure = ended.find(({ EventType }) => EventType === 'TaskFailed');
  if (failure) {
    const [reason = ''] = (failure.Reason ?? '').split('\n', 1);
    return { kind: NO_TOKEN.test(failure.Reason ?? '') ? 'not-signed-in' : 'failed', reason };
  }
  if (runtimeStatus === 'Completed') {
    // Times of the status are whole seconds.
    if (Date.parse(lastUpdatedTime ?? '') + 1_000 <= sinceMs) return null;
    const { kind, code } = (output ?? {}) as { readonly kind?: string; readonly code?: string };
    return kind === 'unreadable' ? { kind: 'refused', reason: code ?? '' } : OK;
  }
  // The search itself is the second step or a later one: the first may be refused and go on.
  return ended.filter(({ EventType }) => EventType === 'TaskCompleted').length > 2 ? OK : null;
}

function ask(host: Host, method: string, path: string, key: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'x-functions-key': key };
  const body = method === 'POST' ? { body: '{}' } : {};
  return host.request(new Request(new URL(path, host.url), { method, headers, ...body }));
}
