import type { RegisteredFunction } from '../functions-core.ts';
import { triggerOf, type Worker } from '../worker.ts';
import type { Known } from './replay.ts';

/** Finds orchestrators and activities by name, which is not case-sensitive for the extension. */
export class FunctionCatalog implements Known {
  readonly #functions = new Map<string, RegisteredFunction>();

  constructor(worker: Worker) {
    for (const fn of worker.functions.values()) {
      this.#functions.set(`${triggerOf(fn)?.type} ${fn.name}`.toLowerCase(), fn);
    }
  }

  orchestrator(name: string): RegisteredFunction | null {
    return this.#functions.get(`orchestrationtrigger ${name.toLowerCase()}`) ?? null;
  }

  activity(name: string): RegisteredFunction | null {
    return this.#functions.get(`activitytrigger ${name.toLowerCase()}`) ?? null;
  }

  /** What the extension says about an orchestrator that it does not know. */
  unknownOrchestrator(name: string): string {
    const known = [...this.#functions]
      .filter(([key]) => key.startsWith('orchestrationtrigger '))
      .map(([, fn]) => `'${fn.name}'`);
    return (
      `The function '${name}' doesn't exist, is disabled, or is not an orchestrator function. ` +
      `Additional info: The following are the known orchestrator functions: ${known.join(', ')}.`
    );
  }
}
