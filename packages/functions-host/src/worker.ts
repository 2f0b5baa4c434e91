import { randomUUID } from 'node:crypto';
import type {
  Callback,
  Hook,
  HookName,
  ProgrammingModel,
  RegisteredFunction,
  Registry,
  RpcData,
} from './functions-core.ts';
import type { Log } from './host-log.ts';

/** The values that a trigger hands to its function, by binding name. */
export interface Inputs {
  readonly data: readonly { readonly name: string; readonly data: RpcData }[];
  readonly triggerMetadata?: Readonly<Record<string, RpcData>>;
}

/** Runs functions as the Node worker does: arguments, hooks, handler, hooks, response. */
export class Worker {
  readonly #registry: Registry;
  readonly #model: ProgrammingModel | null;
  readonly #log: Log;
  readonly #appHookData = {};
  #running = 0;

  constructor(registry: Registry, model: ProgrammingModel | null, log: Log) {
    this.#registry = registry;
    this.#model = model;
    this.#log = log;
  }

  /** Invocations that have not ended. */
  get running(): number {
    return this.#running;
  }

  get functions(): ReadonlyMap<string, RegisteredFunction> {
    return this.#registry.functions;
  }

  async appStart(): Promise<void> {
    await this.#run('appStart', { hookData: {}, appHookData: this.#appHookData });
  }

  async appTerminate(): Promise<void> {
    await this.#run('appTerminate', { hookData: {}, appHookData: this.#appHookData });
  }

  /** @throws what the function throws. */
  async invoke(fn: RegisteredFunction, inputs: Inputs): Promise<RpcData | null> {
    this.#running += 1;
    try {
      return await this.#invoke(fn, inputs);
    } finally {
      this.#running -= 1;
    }
  }

  async #invoke(fn: RegisteredFunction, inputs: Inputs): Promise<RpcData | null> {
    if (this.#model === null) throw new Error('The app registered no function.');
    const invocationId = randomUUID();
    const model = this.#model.getInvocationModel({
      invocationId,
      metadata: { name: fn.name, bindings: fn.bindings },
      request: {
        invocationId,
        inputData: inputs.data,
        triggerMetadata: inputs.triggerMetadata ?? {},
        traceContext: null,
        retryContext: null,
      },
      log: (level: string, category: string, message: string) =>
        this.#log({ level, message, category, functionName: fn.name, invocationId }),
    });
    const { context, inputs: args } = await model.getArguments();
    const before = {
      hookData: {},
      appHookData: this.#appHookData,
      invocationContext: context,
      inputs: args,
      functionCallback: fn.callback,
    };
    await this.#run('preInvocation', before);
    const after = {
      ...before,
      inputs: before.inputs,
      result: undefined as unknown,
      error: undefined as unknown,
    };
    try {
      const callback: Callback = before.functionCallback;
      after.result = await model.invokeFunction(context, before.inputs, callback);
    } catch (error) {
      after.error = error ?? new Error('The function threw nothing.');
    }
    await this.#run('postInvocation', after);
    if (after.error !== undefined && after.error !== null) throw after.error;
    const response = await model.getResponse(context, after.result);
    return response.returnValue ?? null;
  }

  async #run(name: HookName, context: Record<string, unknown>): Promise<void> {
    const hooks: readonly Hook[] = this.#registry.hooks[name];
    for (const hook of hooks) await hook(context);
  }
}

/** The trigger among a function's bindings. */
export function triggerOf(fn: RegisteredFunction): { name: string; type: string } | null {
  for (const [name, { type }] of Object.entries(fn.bindings)) {
    if (/trigger$/i.test(type)) return { name, type };
  }
  return null;
}
