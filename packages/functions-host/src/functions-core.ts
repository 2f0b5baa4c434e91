import { registerHooks } from 'node:module';

/** One input or output of a function, as `@azure/functions` declares it. */
interface Binding {
  readonly type: string;
  readonly direction?: string;
  readonly [option: string]: unknown;
}

export type Callback = (...args: unknown[]) => unknown;

/** What `@azure/functions` hands to the worker for one registered function. */
export interface RegisteredFunction {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly callback: Callback;
}

/** A value on its way between host and worker; `data` names the member that is set. */
export interface RpcData {
  readonly data?: string;
  readonly string?: string | null;
  readonly json?: string | null;
  readonly bytes?: Uint8Array | null;
  readonly int?: number | null;
  readonly double?: number | null;
  readonly http?: unknown;
}

interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: Callback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<{ returnValue?: RpcData | null }>;
}

export interface ProgrammingModel {
  getInvocationModel(coreContext: unknown): InvocationModel;
}

export type Hook = (context: Record<string, unknown>) => unknown;
const HOOK_NAMES = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] as const;
export type HookName = (typeof HOOK_NAMES)[number];

/** All that one app registered while it was loaded. */
export interface Registry {
  readonly functions: Map<string, RegisteredFunction>;
  readonly hooks: Readonly<Record<HookName, Hook[]>>;
}

/** Shared by all hosts of a process, and by copies of this module. */
interface Slot {
  current: Registry | null;
  model: ProgrammingModel | null;
  turn: Promise<unknown>;
}

const SPECIFIER = '@azure/functions-core';
const STAND_IN = 'keyturn-host:functions-core';
const SLOT = Symbol.for('keyturn.host.functions-core');
const shared = globalThis as { [SLOT]?: { slot: Slot; core: object } };

/**
 * Stands in for the module that the real worker injects, and collects what `load` registers.
 * Loads of several hosts take turns, for the module knows no caller.
 */
export async function collectFunctions(
  load: () => unknown,
): Promise<{ registry: Registry; model: ProgrammingModel | null }> {
  const { slot } = install();
  const registry: Registry = {
    functions: new Map(),
    hooks: { appStart: [], appTerminate: [], preInvocation: [], postInvocation: [], log: [] },
  };
  const turn = slot.turn.then(async () => {
    slot.current = registry;
    try {
      await load();
    } finally {
      slot.current = null;
    }
  });
  slot.turn = turn.catch(() => undefined);
  await turn;
  return { registry, model: slot.model };
}

function install(): { slot: Slot; core: object } {
  const installed = shared[SLOT];
  if (installed !== undefined) return installed;
  const slot: Slot = { current: null, model: null, turn: Promise.resolve() };
  const made = { slot, core: createCore(slot) };
  shared[SLOT] = made;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === SPECIFIER ? { url: STAND_IN, shortCircuit: true } : next(specifier, context),
    load: (url, context, next) =>
      url === STAND_IN
        ? {
            format: 'commonjs',
            shortCircuit: true,
            source: `module.exports = globalThis[Symbol.for('${SLOT.description}')].core`,
          }
        : next(url, context),
  });
  return made;
}

function createCore(slot: Slot): object {
  const registering = (): Registry => {
    if (slot.current !== null) return slot.current;
    throw new Error('A function can only be registered during app startup.');
  };
  return {
    version: '3.0.0',
    hostVersion: '4.0.0',
    registerFunction(
      metadata: { name: string; bindings: RegisteredFunction['bindings'] },
      callback: Callback,
    ) {
      const { functions } = registering();
      if (functions.has(metadata.name)) {
        throw new Error(`A function with the name "${metadata.name}" has already been registered.`);
      }
      functions.set(metadata.name, { ...metadata, callback });
      return disposable(() => functions.delete(metadata.name));
    },
    registerHook(name: HookName, hook: Hook) {
      const hooks = registering().hooks[name];
      if (hooks === undefined) throw new RangeError(`Unrecognized hook "${name}"`);
      hooks.push(hook);
      return disposable(() => hooks.splice(hooks.indexOf(hook), 1));
    },
    setProgrammingModel(model: ProgrammingModel) {
      slot.model = model;
    },
    getProgrammingModel: () => slot.model,
    log() {},
    Disposable: class {},
  };
}

function disposable(dispose: () => unknown): { dispose(): void } {
  return {
    dispose() {
      dispose();
    },
  };
}
