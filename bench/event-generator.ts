import { Agent, request } from 'node:http';
import { deliveryBody, mixedEvent } from './event-mix.ts';

// Sends the mix to an Event Grid endpoint, one event per request, and tells how it went.
const [endpoint = '', count = '0', subscriptionId = ''] = process.argv.slice(2);
const CONNECTIONS = 16;
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
const url = new URL(endpoint);
const total = Number(count);
const bodies = Array.from({ length: total }, (_, place) =>
  deliveryBody(mixedEvent(subscriptionId, place), subscriptionId, place),
);
let next = 0;
const statuses: Record<string, number> = {};

const startedMs = performance.now();
await Promise.all(Array.from({ length: CONNECTIONS }, worker));
const seconds = (performance.now() - startedMs) / 1000;
process.stdout.write(JSON.stringify({ seconds, statuses }));
process.exit();

async function worker(): Promise<void> {
  while (next < total) {
    const body = bodies[next] ?? '';
    next += 1;
    const status = await send(body);
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
}

function send(body: string): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'aeg-event-type': 'Notification',
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
