import type { RegisteredFunction, RpcData } from '../functions-core.ts';
import { type Log, messageOf } from '../host-log.ts';
import { answer, type HttpAnswer, type HttpCall } from '../http/call.ts';
import { triggerOf, type Worker } from '../worker.ts';

const TEXT = { 'content-type': 'text/plain; charset=utf-8' };
const ACCEPTED = answer(202);
const BAD_REQUEST = answer(400);

/**
 * The webhook to which Event Grid delivers.
 *
 * Source: recorded; the extension checks the name before anything else, and answers 500 to what it
 * cannot parse, so that Event Grid comes again.
 */
export class EventGridTrigger {
  readonly #worker: Worker;
  readonly #log: Log;
  readonly #extraInputs: (fn: RegisteredFunction) => { name: string; data: RpcData }[];

  constructor(options: {
    worker: Worker;
    log: Log;
    extraInputs: (fn: RegisteredFunction) => { name: string; data: RpcData }[];
  }) {
    this.#worker = options.worker;
    this.#log = options.log;
    this.#extraInputs = options.extraInputs;
  }

  async handle(call: HttpCall): Promise<HttpAnswer> {
    const name = call.url.searchParams.get('functionName') ?? '';
    const fn = this.#worker.functions.get(name);
    const trigger = fn === undefined ? null : triggerOf(fn);
    if (fn === undefined || trigger?.type !== 'eventGridTrigger') {
      return answer(404, `cannot find function: '${name}'`, TEXT);
    }
    if (call.method === 'OPTIONS') return cloudEventsHandshake(call);
    if (call.method !== 'POST') return BAD_REQUEST;
    switch (call.headers['aeg-event-type']) {
      case 'Notification':
        return this.#notify(fn, trigger.name, call);
      case 'SubscriptionValidation':
        return handshake(call);
      case 'Unsubscribe':
        return ACCEPTED;
      default:
        return BAD_REQUEST;
    }
  }

  async #notify(fn: RegisteredFunction, binding: string, call: HttpCall): Promise<HttpAnswer> {
    const body = parse(call);
    if (body === undefined) return answer(500);
    const events = Array.isArray(body) ? body : [body];
    if (!events.every(isObject)) return answer(500);
    // All run, also after one has failed: Event Grid sends the whole request again.
    const results = await Promise.all(events.map((event) => this.#run(fn, binding, event)));
    if (results.every((succeeded) => succeeded)) return ACCEPTED;
    return answer(500, `Exception while executing function: Functions.${fn.name}`, TEXT);
  }

  async #run(fn: RegisteredFunction, binding: string, event: object): Promise<boolean> {
    const { data } = event as { data?: unknown };
    const metadata: Record<string, RpcData> =
      data === undefined ? {} : { data: { data: 'json', json: JSON.stringify(data) } };
    try {
      await this.#worker.invoke(fn, {
        data: [
          { name: binding, data: { data: 'json', json: JSON.stringify(event) } },
          ...this.#extraInputs(fn),
        ],
        triggerMetadata: metadata,
      });
      return true;
    } catch (error) {
      this.#log({ level: 'error', message: messageOf(error), functionName: fn.name, error });
      return false;
    }
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(call: HttpCall): unknown {
  try {
    return JSON.parse(call.body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function handshake(call: HttpCall): HttpAnswer {
  const body = parse(call);
  if (body === undefined) return answer(500);
  const first = (Array.isArray(body) ? body[0] : body) as { data?: unknown } | null | undefined;
  const code = validationCode(first?.data);
  if (typeof code !== 'string') return BAD_REQUEST;
  return answer(200, JSON.stringify({ validationResponse: code }), TEXT);
}

/** The data of a CloudEvent handshake is a JSON text. */
function validationCode(data: unknown): unknown {
  const value = typeof data === 'string' ? safeParse(data) : data;
  return isObject(value) ? (value as { validationCode?: unknown }).validationCode : undefined;
}

function safeParse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function cloudEventsHandshake(call: HttpCall): HttpAnswer {
  const origin = call.headers['webhook-request-origin'];
  return origin === undefined
    ? BAD_REQUEST
    : answer(200, null, { 'webhook-allowed-origin': origin });
}
