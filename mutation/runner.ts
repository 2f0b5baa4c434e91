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
  /** It never ended with the last mutant: nothing was tried from there on in this worker. */
  readonly isCutShort: boolean;
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

/** What a test with a mutant may take longer than without. */
const MANY_TIMES = 10;
const PATIENCE_MS = 10_000;
const { setTimeout: realSetTimeout, clearTimeout: realClearTimeout } = globalThis;
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
  #isCutShort = false;
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
    if (this.#isCutShort) return;
    const [startedMs, startedCpuMs] = [performance.now(), cpuMs()];
    await run();
    const [wholeMs, ms] = [performance.now() - startedMs, cpuMs() - startedCpuMs];
    const reached = [...mutantSwitch.reached].filter((mutant) => !this.#loaded.has(mutant));
    const affordable = reached.filter((mutant) => (this.#leftMs.get(mutant) ?? 0) > ms);
    const tried = await this.#try(run, ms > this.#task.slowestMs ? [] : affordable, wholeMs);
    mutantSwitch.turnOff();
    this.#isCutShort = tried.isCutShort;
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
    usualMs: number,
  ): Promise<Omit<Verdict, 'loaded' | 'reached'>> {
    const usualTicks = mutantSwitch.ticks;
    const found = { killed: [] as number[], endless: [] as number[], spentMs: [] as Spent[] };
    for (const mutant of mutants) {
      const startedMs = cpuMs();
      mutantSwitch.turnOn(mutant, usualTicks);
      const end = await endOf(run, usualMs * MANY_TIMES + PATIENCE_MS);
      const { isEndless } = mutantSwitch;
      mutantSwitch.turnOff();
      if (end === 'failed' && (await endOf(run)) === 'failed') {
        return { ...found, isUnrepeatable: true, isCutShort: false };
      }
      const ms = cpuMs() - startedMs;
      found.spentMs.push([mutant, ms]);
      this.#leftMs.set(mutant, end === 'passed' ? (this.#leftMs.get(mutant) ?? 0) - ms : 0);
      if (end !== 'passed') found.killed.push(mutant);
      if (end === 'none' || (end === 'failed' && isEndless)) found.endless.push(mutant);
      if (end === 'none') return { ...found, isUnrepeatable: false, isCutShort: true };
    }
    return { ...found, isUnrepeatable: false, isCutShort: false };
  }
}

/** What this worker has worked: waiting for other programs does not count. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

type Spent = readonly [mutant: number, ms: number];

/** How a test ends, if it does so in time; tests may fake the timers that come later. */
async function endOf(
  run: () => unknown,
  withinMs: number | null = null,
): Promise<'passed' | 'failed' | 'none'> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<'none'>((resolve) => {
    if (withinMs !== null) timer = realSetTimeout(() => resolve('none'), withinMs);
  });
  const end = Promise.resolve()
    .then(run)
    .then(
      () => 'passed' as const,
      () => 'failed' as const,
    );
  const first = await Promise.race([end, patience]);
  realClearTimeout(timer);
  return first;
}
