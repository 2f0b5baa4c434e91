import type { RegisteredFunction, RpcData } from '../functions-core.ts';
import { type Log, messageOf } from '../host-log.ts';
import { triggerOf, type Worker } from '../worker.ts';
import { answer, type HttpAnswer, type HttpCall, jsonAnswer } from './call.ts';

const NOT_FOUND = answer(404);

/** The operator's endpoints under `/admin`. */
export class Admin {
  readonly #worker: Worker;
  readonly #log: Log;
  readonly #runTimer: (name: string) => Promise<boolean>;
  readonly #extraInputs: (fn: RegisteredFunction) => { name: string; data: RpcData }[];
  readonly #startedAt = Date.now();

  constructor(options: {
    worker: Worker;
    log: Log;
    /** False when the function has no timer. */
    runTimer: (name: string) => Promise<boolean>;
    extraInputs: (fn: RegisteredFunction) => { name: string; data: RpcData }[];
  }) {
    this.#worker = options.worker;
    this.#log = options.log;
    this.#runTimer = options.runTimer;
    this.#extraInputs = options.extraInputs;
  }

  /** @param path behind `/admin`. */
  handle(call: HttpCall, path: string): HttpAnswer {
    if (path === '/host/status' && call.method === 'GET') return this.#status();
    const [, area, name, what] = path.split('/');
    if (area !== 'functions') return NOT_FOUND;
    if (name === undefined || name === '') {
      return jsonAnswer(
        200,
        [...this.#worker.functions.values()].map((fn) => describe(call, fn)),
      );
    }
    const wanted = name.toLowerCase();
    const fn = [...this.#worker.functions.values()].find(
      (one) => one.name.toLowerCase() === wanted,
    );
    if (fn === undefined) return NOT_FOUND;
    if (call.method === 'GET') {
      if (what === undefined) return jsonAnswer(200, describe(call, fn));
      return what === 'status' ? jsonAnswer(200, {}) : NOT_FOUND;
    }
    return call.method === 'POST' && what === undefined ? this.#run(call, fn) : NOT_FOUND;
  }

  #status(): HttpAnswer {
    return jsonAnswer(200, {
      id: 'keyturn',
      state: 'Running',
      version: '4.0.0.0',
      versionDetails: 'embedded host',
      platformVersion: '',
      instanceId: '',
      computerName: '',
      processUptime: Date.now() - this.#startedAt,
      functionAppContentEditingState: 'Unknown',
      extensionBundle: { id: 'Microsoft.Azure.Functions.ExtensionBundle', version: '4.0.0' },
    });
  }

  /** Starts the function and answers before it has ended. */
  #run(call: HttpCall, fn: RegisteredFunction): HttpAnswer {
    if (!/^application\/json\b/i.test(call.headers['content-type'] ?? '')) return answer(415);
    const input = inputOf(call.body);
    if (input === null) return answer(400);
    this.#start(fn, input).catch((error: unknown) => {
      this.#log({ level: 'error', message: messageOf(error), functionName: fn.name, error });
    });
    return answer(202);
  }

  async #start(fn: RegisteredFunction, input: string): Promise<void> {
    if (await this.#runTimer(fn.name)) return;
    const data: RpcData = { data: 'string', string: input };
    await this.#worker.invoke(fn, {
      data: [{ name: triggerOf(fn)?.name ?? '', data }, ...this.#extraInputs(fn)],
    });
  }
}

/** The text of the member `input`; null when the body is no JSON object. */
function inputOf(body: Buffer): string | null {
  try {
    const { input = '' } = JSON.parse(body.toString('utf8')) as { input?: unknown };
    return typeof input === 'string' ? input : JSON.stringify(input);
  } catch {
    return null;
  }
}

function describe(call: HttpCall, fn: RegisteredFunction): Record<string, unknown> {
  return {
    name: fn.name,
    script_root_path_href: null,
    script_href: null,
    config_href: null,
    test_data_href: null,
    href: `${call.url.origin}/admin/functions/${fn.name}`,
    invoke_url_template: null,
    language: 'node',
    config: {
      name: fn.name,
      entryPoint: '',
      language: 'node',
      bindings: Object.entries(fn.bindings).map(([name, binding]) => ({ ...binding, name })),
    },
    files: null,
    test_data: '',
    isDisabled: false,
    isDirect: false,
    isProxy: false,
  };
}
