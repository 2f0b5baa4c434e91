import { randomUUID } from 'node:crypto';
import { answer, type HttpAnswer, type HttpCall, jsonAnswer } from '../http/call.ts';
import { readJson } from '../http/json-body.ts';
import type { Door } from './door.ts';
import type { Engine } from './engine.ts';
import { EVENT_TYPE, historyEvent } from './history-event.ts';
import { type Instance, isFinished } from './instance.ts';
import { listInstances, purgeInstances } from './instance-list.ts';
import type { InstanceStore } from './instance-store.ts';
import { decodeInstanceId, encodeInstanceId, type ManagementUrls } from './management-urls.ts';
import { startInstance } from './start-instance.ts';
import { statusJson } from './status-json.ts';

const NOT_FOUND = answer(404);
const GONE = answer(410);
const ACCEPTED = answer(202);
const NOT_JSON = 'The request body is not valid JSON.';

/**
 * The HTTP API to start, watch and steer instances. Answers are as recorded; the text of a status
 * is the extension's, its .NET stack traces are left out.
 */
export class Management {
  readonly #store: InstanceStore;
  readonly #engine: Engine;
  readonly #urls: ManagementUrls;
  readonly #taskHub: string;
  readonly #defaultVersion: string | null;

  constructor(options: {
    store: InstanceStore;
    engine: Engine;
    urls: ManagementUrls;
    taskHub: string;
    defaultVersion: string | null;
  }) {
    this.#store = options.store;
    this.#engine = options.engine;
    this.#urls = options.urls;
    this.#taskHub = options.taskHub;
    this.#defaultVersion = options.defaultVersion;
  }

  /** @param path behind `/runtime/webhooks/durabletask` or `/durabletask`. */
  async handle(call: HttpCall, path: string, door: Door): Promise<HttpAnswer> {
    const [, area, first = '', verb, last, ...more] = path.split('/');
    if (more.length > 0) return NOT_FOUND;
    if (area === 'orchestrators' && first !== '' && call.method === 'POST') {
      return last === undefined ? this.#start(call, decodeInstanceId(first), verb) : NOT_FOUND;
    }
    if (area === 'entities') return unsupported('Entities are');
    if (area !== 'instances' || this.#isOtherHub(call)) return NOT_FOUND;
    if (first === '') return this.#all(call, door);
    const id = decodeInstanceId(first);
    if (verb === undefined) return this.#one(call, id);
    return call.method === 'POST' ? this.#steer(call, id, verb, last) : NOT_FOUND;
  }

  #isOtherHub(call: HttpCall): boolean {
    const hub = call.url.searchParams.get('taskHub');
    return hub !== null && hub.toLowerCase() !== this.#taskHub.toLowerCase();
  }

  #all(call: HttpCall, door: Door): HttpAnswer {
    if (call.method === 'GET') return listInstances(this.#store, call, door);
    return call.method === 'DELETE' ? purgeInstances(this.#store, call) : NOT_FOUND;
  }

  async #start(call: HttpCall, name: string, segment: string | undefined): Promise<HttpAnswer> {
    const input = readJson(call.body);
    if (input.kind === 'malformed') {
      return somethingWrong(NOT_JSON, 'Newtonsoft.Json.JsonSerializationException');
    }
    const id =
      segment === undefined || segment === ''
        ? randomUUID().replaceAll('-', '')
        : decodeInstanceId(segment);
    if (id.includes('/')) return NOT_FOUND;
    const text = input.kind === 'empty' ? null : JSON.stringify(input.value);
    const version = call.url.searchParams.get('version') ?? this.#defaultVersion;
    const taken = startInstance(this.#store, { id, name, input: text, parent: null, version });
    if (taken !== null) {
      const Message = `An Orchestration instance with the status ${taken} already exists.`;
      return jsonAnswer(409, { Message });
    }
    this.#engine.wake(id);
    const timeout = call.url.searchParams.get('timeout');
    const waited = timeout === null ? null : await this.#wait(call, id, Number(timeout));
    return waited ?? this.#created(call, id);
  }

  #created(call: HttpCall, id: string): HttpAnswer {
    const { rewindPostUri, ...links } = this.#urls.links(call.url.origin, id, encodeInstanceId(id));
    return jsonAnswer(202, links, {
      location: String(links['statusQueryGetUri']),
      'retry-after': '10',
    });
  }

  async #wait(call: HttpCall, id: string, timeoutS: number): Promise<HttpAnswer | null> {
    const intervalS = Number(call.url.searchParams.get('pollingInterval') ?? 1) || 1;
    const until = Date.now() + timeoutS * 1000;
    while (Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(intervalS, timeoutS) * 1000));
      const instance = this.#store.isOpen ? this.#store.find(id) : null;
      if (instance === null) return null;
      if (instance.status === 'Completed') return jsonAnswer(200, parsedOutput(instance));
      if (isFinished(instance)) {
        return jsonAnswer(200, statusJson(instance, { ...PLAIN, showInput: true }));
      }
    }
    return null;
  }

  #one(call: HttpCall, id: string): HttpAnswer {
    const instance = this.#store.find(id);
    if (instance === null) return NOT_FOUND;
    if (call.method === 'GET') return this.#status(call, instance);
    if (call.method !== 'DELETE') return NOT_FOUND;
    if (!isFinished(instance)) {
      return jsonAnswer(
        412,
        `Only orchestrations in a terminal state can be purged, but the orchestration with instance ID ${id} has status ${instance.status}`,
      );
    }
    this.#store.transaction(() => this.#store.remove(id));
    return jsonAnswer(200, { instancesDeleted: 1 });
  }

  #status(call: HttpCall, instance: Instance): HttpAnswer {
    const query = call.url.searchParams;
    const body = statusJson(instance, {
      showInput: query.get('showInput')?.toLowerCase() !== 'false',
      history: isTrue(query.get('showHistory')) ? this.#store.history(instance.id) : null,
      showHistoryOutput: isTrue(query.get('showHistoryOutput')),
    });
    if (!isFinished(instance)) {
      return jsonAnswer(202, body, { location: call.url.href, 'retry-after': '5' });
    }
    const asError = isTrue(query.get('returnInternalServerErrorOnFailure'));
    return jsonAnswer(instance.status === 'Failed' && asError ? 500 : 200, body);
  }

  #steer(call: HttpCall, id: string, verb: string, last: string | undefined): HttpAnswer {
    const reason = call.url.searchParams.get('reason');
    if (verb === 'raiseEvent') return this.#raise(call, id, last);
    if (last !== undefined) return NOT_FOUND;
    switch (verb) {
      case 'terminate':
        return this.#send(id, EVENT_TYPE.executionTerminated, { Input: reason });
      case 'suspend':
        return this.#send(id, EVENT_TYPE.executionSuspended, { Reason: reason });
      case 'resume':
        return this.#send(id, EVENT_TYPE.executionResumed, { Reason: reason });
      case 'rewind':
        return this.#rewind(id);
      case 'restart':
        return unsupported('Restart is');
      default:
        return NOT_FOUND;
    }
  }

  #raise(call: HttpCall, id: string, segment: string | undefined): HttpAnswer {
    if (segment === undefined || segment === '') return NOT_FOUND;
    if (!/^application\/json\b/i.test(call.headers['content-type'] ?? '')) {
      return jsonAnswer(400, { Message: 'Only application/json request content is supported' });
    }
    const value = readJson(call.body);
    if (value.kind !== 'value') {
      return jsonAnswer(400, {
        Message: 'Invalid JSON content',
        ExceptionMessage: NOT_JSON,
        ExceptionType: 'Newtonsoft.Json.JsonReaderException',
        StackTrace: '',
      });
    }
    return this.#send(id, EVENT_TYPE.eventRaised, {
      Name: decodeInstanceId(segment),
      Input: JSON.stringify(value.value),
      ParentTraceContext: null,
    });
  }

  #send(id: string, type: number, members: Readonly<Record<string, unknown>>): HttpAnswer {
    const instance = this.#store.find(id);
    if (instance === null) return NOT_FOUND;
    if (isFinished(instance)) return GONE;
    const wrong = wrongState(instance, type);
    if (wrong !== null) return somethingWrong(wrong);
    const event = historyEvent(type, members);
    this.#store.transaction(() =>
      this.#store.send({ instanceId: id, executionId: null, dueAt: 0, event }),
    );
    this.#engine.wake(id);
    return ACCEPTED;
  }

  #rewind(id: string): HttpAnswer {
    const instance = this.#store.find(id);
    if (instance === null) {
      return jsonAnswer(404, `No orchestration with instance ID "$${id}" found.`);
    }
    if (instance.status === 'Failed') return unsupported('Rewind is');
    return jsonAnswer(
      412,
      `This orchestration has status ${instance.status}, but only orchestrations in the "Failed" state can be rewound.`,
    );
  }
}

const PLAIN = { showInput: false, history: null, showHistoryOutput: false } as const;

function wrongState({ id, status }: Instance, type: number): string | null {
  if (type === EVENT_TYPE.executionSuspended && status === 'Suspended') {
    return `Cannot suspend the orchestration instance ${id} because instance is in the ${status} state.`;
  }
  if (type === EVENT_TYPE.executionResumed && status !== 'Suspended') {
    return `Cannot resume the orchestration instance ${id} because instance is in the ${status} state.`;
  }
  return null;
}

function parsedOutput({ output }: Instance): unknown {
  return output === null ? null : JSON.parse(output);
}

function isTrue(value: string | null): boolean {
  return value?.toLowerCase() === 'true';
}

function somethingWrong(text: string, type = 'System.InvalidOperationException'): HttpAnswer {
  return jsonAnswer(500, {
    Message: 'Something went wrong while processing your request',
    ExceptionMessage: text,
    ExceptionType: type,
    StackTrace: '',
  });
}

function unsupported(what: string): HttpAnswer {
  return jsonAnswer(501, { Message: `${what} not supported by the embedded host.` });
}
