import { connectDurableClient } from './durable-task/client-transport.ts';
import { Engine } from './durable-task/engine.ts';
import { InstanceStore } from './durable-task/instance-store.ts';
import { Management } from './durable-task/management.ts';
import { ManagementUrls } from './durable-task/management-urls.ts';
import { collectFunctions, type RegisteredFunction, type RpcData } from './functions-core.ts';
import { type Log, messageOf } from './host-log.ts';
import type { Host, HostOptions } from './host-options.ts';
import { Access } from './http/access.ts';
import { Admin } from './http/admin.ts';
import { answer, callOf, type HttpAnswer, type HttpCall, toResponse } from './http/call.ts';
import { HttpServer, isTooLarge } from './http/http-server.ts';
import { HttpTrigger } from './http/http-trigger.ts';
import { Router } from './http/router.ts';
import { StateFile } from './state-file.ts';
import { EventGridTrigger } from './triggers/event-grid.ts';
import { TimerStore } from './triggers/timer-store.ts';
import { TimerTrigger } from './triggers/timer-trigger.ts';
import { triggerOf, Worker } from './worker.ts';

export type { Host, HostOptions } from './host-options.ts';
export type { HostKeys } from './http/access.ts';

const GRACE_MS = 5_000;
let hostsStarted = 0;

/** Runs an Azure Functions app in this process, and goes on with what the state file holds. */
export async function startHost(options: HostOptions): Promise<Host> {
  const file = new StateFile(options.stateFile, options.afterCommit);
  try {
    return await start(options, file);
  } catch (error) {
    file.close();
    throw error;
  }
}

async function start(options: HostOptions, file: StateFile): Promise<Host> {
  const log = options.log ?? (() => undefined);
  const { registry, model } = await collectFunctions(options.load);
  const worker = new Worker(registry, model, log);
  const parts = { worker, log };
  const store = new InstanceStore(file);
  const maxConcurrentActivities = options.maxConcurrentActivities ?? 64;
  const taskHub = options.taskHub ?? 'KeyturnHub';
  const urls = new ManagementUrls(taskHub, options.keys?.durableTask ?? '');
  const address = { origin: '' };
  const extraInputs = (fn: RegisteredFunction) => durableClients(fn, urls, address.origin);
  const { defaultVersion = null } = options;
  const engine = new Engine({
    ...parts,
    store,
    extraInputs,
    maxConcurrentActivities,
    defaultVersion,
    timersFireEarly: options.timersFireEarly ?? false,
    redeliverAfter: options.redeliverAfter ?? (() => null),
  });
  const timers = new Map(
    timerFunctions(worker).map((fn) => [
      fn.name,
      new TimerTrigger(fn, {
        ...parts,
        store: new TimerStore(file),
        extraInputs: () => extraInputs(fn),
      }),
    ]),
  );
  const access = new Access(options.keys);
  const router = new Router({
    access,
    management: new Management({ store, engine, urls, taskHub, defaultVersion }),
    eventGrid: new EventGridTrigger({ ...parts, extraInputs }),
    http: new HttpTrigger({ ...parts, access, extraInputs }),
    admin: new Admin({ ...parts, extraInputs, runTimer: (name) => runTimer(timers, name) }),
    routePrefix: options.routePrefix ?? 'api',
  });
  await worker.appStart();
  const running = new RunningHost({ ...parts, file, engine, router, timers });
  address.origin = await running.open(options.port);
  return running;
}

function timerFunctions(worker: Worker): RegisteredFunction[] {
  return [...worker.functions.values()].filter((fn) => triggerOf(fn)?.type === 'timerTrigger');
}

async function runTimer(timers: ReadonlyMap<string, TimerTrigger>, name: string): Promise<boolean> {
  const timer = timers.get(name);
  await timer?.runNow();
  return timer !== undefined;
}

function durableClients(
  fn: RegisteredFunction,
  urls: ManagementUrls,
  origin: string,
): { name: string; data: RpcData }[] {
  return Object.entries(fn.bindings)
    .filter(([, { type }]) => type === 'durableClient')
    .map(([name]) => ({
      name,
      data: { data: 'string', string: JSON.stringify(urls.clientBinding(origin)) },
    }));
}

interface Parts {
  readonly file: StateFile;
  readonly worker: Worker;
  readonly engine: Engine;
  readonly router: Router;
  readonly timers: ReadonlyMap<string, TimerTrigger>;
  readonly log: Log;
}

class RunningHost implements Host {
  readonly #parts: Parts;
  #server: HttpServer | null = null;
  #disconnect: () => void = () => undefined;
  #requests = 0;
  #origin = '';

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @returns the origin under which the host is reached. */
  async open(port: number | null): Promise<string> {
    const { router, engine, timers } = this.#parts;
    hostsStarted += 1;
    // Never looked up: the durable client's transport knows it.
    this.#origin = `http://host-${hostsStarted}.local:7071`;
    if (port !== null) {
      this.#server = new HttpServer((call) => this.#handle(call));
      await this.#server.listen(port);
      this.#origin = `http://127.0.0.1:${this.#server.port}`;
    }
    this.#disconnect = connectDurableClient(this.#origin, (call) => router.handleTrusted(call));
    engine.start();
    for (const timer of timers.values()) timer.start();
    return this.#origin;
  }

  get url(): string {
    return this.#origin;
  }

  get functionNames(): readonly string[] {
    return [...this.#parts.worker.functions.keys()];
  }

  async request(request: Request): Promise<Response> {
    const call = await callOf(request);
    return toResponse(isTooLarge(call.body) ? answer(413) : await this.#handle(call));
  }

  async #handle(call: HttpCall): Promise<HttpAnswer> {
    const { file, router, log } = this.#parts;
    if (!file.isOpen) throw new Error('The host was stopped.');
    this.#requests += 1;
    try {
      return await router.handle(call);
    } catch (error) {
      log({ level: 'error', message: messageOf(error), path: call.url.pathname, error });
      return answer(500);
    } finally {
      this.#requests -= 1;
    }
  }

  idle(): boolean {
    const { file, worker, engine, timers } = this.#parts;
    if (!file.isOpen) return true;
    if (this.#requests > 0 || worker.running > 0) return false;
    return engine.isIdle && [...timers.values()].every((timer) => timer.isIdle);
  }

  nextDueAt(): number | null {
    const { file, engine, timers } = this.#parts;
    if (!file.isOpen) return null;
    const times = [engine.nextDueAt, ...[...timers.values()].map((timer) => timer.nextDueAt)];
    const known = times.filter((time) => time !== null);
    return known.length === 0 ? null : Math.min(...known);
  }

  async stop(): Promise<void> {
    const { file, worker } = this.#parts;
    if (!file.isOpen) return;
    this.#server?.refuse();
    this.#quiet();
    const until = Date.now() + GRACE_MS;
    while (worker.running > 0 && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    if (file.isOpen) await worker.appTerminate();
    this.kill();
  }

  kill(): void {
    this.#quiet();
    this.#disconnect();
    this.#server?.close();
    this.#parts.file.close();
  }

  failInstance(instanceId: string): void {
    this.#parts.engine.fail(instanceId);
  }

  #quiet(): void {
    const { engine, timers } = this.#parts;
    engine.stop();
    for (const timer of timers.values()) timer.stop();
  }
}
