import type { EventSubscription } from '../src/event-grid/delivery.ts';
import { createSimulator, type SimulatorOptions } from '../src/simulator.ts';

interface Received {
  readonly headers: Headers;
  readonly event: Record<string, unknown>;
}

/** What the endpoint answers: a status, at once or later, or never. */
export type Answered = number | { readonly status: number; readonly afterMs: number } | 'never';

/** An endpoint that passes its validation and answers as it is told, then 202. */
export function anEndpoint(answers: readonly Answered[] = []) {
  const received: Received[] = [];
  const bodies: unknown[][] = [];
  const left = [...answers];
  const deliver = async (request: Request): Promise<Response> => {
    if (request.method === 'OPTIONS') {
      return new Response(null, { headers: { 'webhook-allowed-origin': '*' } });
    }
    const body = await request.json();
    const event = Array.isArray(body) ? body[0] : body;
    if (request.headers.get('aeg-event-type') === 'SubscriptionValidation') {
      return Response.json({ validationResponse: event.data.validationCode });
    }
    received.push({ headers: request.headers, event });
    bodies.push(Array.isArray(body) ? body : [body]);
    return answerWith(left.shift() ?? 202);
  };
  const subscription = (more: Partial<EventSubscription> = {}): EventSubscription => ({
    name: 'test',
    kind: 'resources',
    schema: 'EventGridSchema',
    endpointUrl: 'https://receiver.example/events',
    deliver,
    ...more,
  });
  return { received, bodies, subscription, deliver };
}

async function answerWith(answered: Answered): Promise<Response> {
  if (answered === 'never') return new Promise(() => {});
  if (typeof answered === 'number') return new Response(null, { status: answered });
  const { status, afterMs } = answered;
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  return new Response(null, { status });
}

/** A simulator in which disks can be written without time passing. */
export function anAzureToWrite(options: SimulatorOptions = {}) {
  const simulator = createSimulator(options);
  const group = `/subscriptions/${simulator.subscriptionId}/resourceGroups/rg-test`;
  const arm = (method: string, path: string, body?: unknown, version = '2022-06-15') =>
    simulator.handle(
      new Request(`https://management.azure.com${path}?api-version=${version}`, {
        method,
        headers: {
          authorization: 'Bearer static',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  const diskId = (name: string) => `${group}/providers/Microsoft.Compute/disks/${name}`;
  const write = (name = 'disk-1') => {
    const id = diskId(name);
    return simulator.handle(
      new Request(`https://management.azure.com${id}?api-version=2024-03-02`, {
        method: 'PATCH',
        headers: { authorization: 'Bearer static', 'content-type': 'application/json' },
        body: JSON.stringify({ tags: { a: '1' } }),
      }),
    );
  };
  for (const name of ['disk-1', 'disk-2', 'disk-3']) simulator.estate.addDisk({ name });
  return { ...simulator, group, arm, write };
}
