import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { Agent, request as requestSecurely } from 'node:https';
import type { Socket } from 'node:net';
import { connect } from 'node:tls';

/** Sends GETs through an HTTPS proxy, over one connection that is kept. */
export interface ProxiedClient {
  get(url: string): Promise<number>;
  close(): void;
}

/** @param env what the proxy says its clients need. */
export async function proxiedClient(
  env: Readonly<Record<string, string>>,
  host: string,
): Promise<ProxiedClient> {
  const ca = readFileSync(env['NODE_EXTRA_CA_CERTS'] ?? '', 'utf8');
  const tunnel = await openTunnel(new URL(env['HTTPS_PROXY'] ?? ''), host);
  const socket = connect({ socket: tunnel, servername: host, ca });
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', () => resolve());
    socket.once('error', reject);
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agent.createConnection = () => socket;
  return {
    get: (url) =>
      new Promise((resolve, reject) => {
        const headers = { authorization: 'Bearer static' };
        const sent = requestSecurely(url, { agent, headers }, (response) => {
          response.resume();
          response.once('end', () => resolve(response.statusCode ?? 0));
        });
        sent.once('error', reject);
        sent.end();
      }),
    close: () => socket.destroy(),
  };
}

function openTunnel(proxy: URL, host: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: proxy.hostname,
      port: proxy.port,
      method: 'CONNECT',
      path: `${host}:443`,
    });
    sent.once('connect', (_response, socket) => resolve(socket));
    sent.once('error', reject);
    sent.end();
  });
}
