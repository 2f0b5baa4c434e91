import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Host, type HostOptions, startHost } from '../src/host.ts';

/** A host without socket and keys, which is killed when the test ends. */
export async function aHost(options: Partial<HostOptions> = {}): Promise<Host> {
  const host = await startHost({
    load: () => undefined,
    stateFile: ':memory:',
    port: null,
    keys: null,
    ...options,
  });
  onTestFinished(() => host.kill());
  return host;
}

/** A path in a folder of its own, which goes when the test ends. */
export function aStateFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-host-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'state.db');
}

/** Sends a request; a body goes as JSON, a text as it is. */
export async function send(
  host: Host,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const init = {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
  return await host.request(new Request(`${host.url}${path}`, init));
}

export interface Status {
  readonly runtimeStatus: string;
  readonly output: unknown;
  readonly customStatus: unknown;
}

const INSTANCES = '/runtime/webhooks/durabletask/instances';

export async function statusOf(host: Host, id: string): Promise<Status> {
  return (await (await send(host, 'GET', `${INSTANCES}/${id}`)).json()) as Status;
}

export async function startInstance(
  host: Host,
  name: string,
  id: string,
  input?: unknown,
): Promise<void> {
  await send(host, 'POST', `/runtime/webhooks/durabletask/orchestrators/${name}/${id}`, input);
}
