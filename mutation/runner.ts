import { configureGlobal } from 'fast-check';
import { inject, type RunnerTestCase, TestRunner } from 'vitest';
import { MutantSwitch } from './mutant-switch.ts';

/** What a test has to say on the mutants. */
export interface Verdict {
  /** Reached outside of tests: to repeat the tests alone does not repeat that. */
  readonly loaded: readonly number[];
  readonly reached: readonly number[];
  readonly killed: readonly number[];
  /** Of those killed, what went on for ever. */
  readonly endless: readonly number[];
  /** What it took to run the test with each. */
  readonly spentMs: readonly (readonly [mutant: number, ms: number])[];
  /** It failed without a mutant when it was run again, and so says nothing. */
  readonly isUnrepeatable: boolean;
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly task: {
      /** The living mutants, and the time that is left to kill them. */
      readonly leftMs: readonly (readonly [mutant: number, ms: number])[];
      /** Slower tests try no mutant. */
      readonly slowestMs: number;
      /** The one mutant that is on from the start, or none. */
      readonly on: number | null;
    };
  }
  interface TaskMeta {
    verdict?: Verdict;
  }
}

/** As many as the busiest test makes. */
const MANY_TICKS = 1_000_000;

globalThis.mutantSwitch = new MutantSwitch();
// That a property does not hold is enough; the smallest example takes long.
configureGlobal({ endOnFailure: true });

/** Runs each test once as it is, and then once for each living mutant that it reaches. */
export default class MutantRunner extends TestRunner {
  readonly #loaded = new Set<number>();
  readonly #task = inject('task');
  #hasFailed = false;
  readonly #leftMs = new Map(this.#task.leftMs);

  override onCollectStart(file: Parameters<TestRunner['onCollectStart']>[0]): void {
    super.onCollectStart(file);
    this.#turnOn();
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    const run = TestRunner.getTestFn(test);
    if (this.#turnOn()) return await this.#untilOneFails(run);

    for (const mutant of mutantSwitch.reached) this.#loaded.add(mutant);
    mutantSwitch.turnOff();
    const startedMs = performance.now();
    await run();
    const ms = performance.now() - startedMs;
    const reached = [...mutantSwitch.reached].filter((mutant) => !this.#loaded.has(mutant));
    const affordable = reached.filter((mutant) => (this.#leftMs.get(mutant) ?? 0) > ms);
    const tried = await this.#try(run, ms > this.#task.slowestMs ? [] : affordable);
    mutantSwitch.turnOff();
    test.meta.verdict = { loaded: [...this.#loaded], reached, ...tried };
  }

  /** Whether there is a mutant that is on all the time. */
  #turnOn(): boolean {
    const { on } = this.#task;
    if (on !== null) mutantSwitch.turnOn(on, MANY_TICKS);
    return on !== null;
  }

  /** What is left after the first failure would tell nothing new. */
  async #untilOneFails(run: () => unknown): Promise<void> {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    await run();
    this.#hasFailed = false;
  }

  async #try(
    run: () => unknown,
    mutants: readonly number[],
  ): Promise<Omit<Verdict, 'loaded' | 'reached'>> {
    const usualTicks = mutantSwitch.ticks;
    const killed: number[] = [];
    const endless: number[] = [];
    const spentMs: [number, number][] = [];
    for (const mutant of mutants) {
      const startedMs = performance.now();
      mutantSwitch.turnOn(mutant, usualTicks);
      const isKilled = !(await passes(run));
      const { isEndless } = mutantSwitch;
      mutantSwitch.turnOff();
      if (isKilled && !(await passes(run))) {
        return { killed, endless, spentMs, isUnrepeatable: true };
      }
      const ms = performance.now() - startedMs;
      spentMs.push([mutant, ms]);
      this.#leftMs.set(mutant, isKilled ? 0 : (this.#leftMs.get(mutant) ?? 0) - ms);
      if (isKilled) killed.push(mutant);
      if (isKilled && isEndless) endless.push(mutant);
    }
    return { killed, endless, spentMs, isUnrepeatable: false };
  }
}

async function passes(run: () => unknown): Promise<boolean> {
  try {
    await run();
    return true;
  } catch {
    return false;
  }
}
