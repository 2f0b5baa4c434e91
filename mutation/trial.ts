import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { ProvidedContext } from 'vitest';
import { createVitest, type TestModule, type Vitest } from 'vitest/node';
import type { Fate } from './fate.ts';
import { findMutants } from './find-mutants.ts';
import type { Mutant } from './mutant.ts';
import type { Verdict } from './runner.ts';
import { switched } from './switched.ts';

/** Other work on the machine makes tests slow. */
const TIMEOUT_MS = 300_000;

/** Tests against mutants, one file of tests after the other, each in a worker of its own. */
export class Trial {
  readonly fates: ReadonlyMap<number, Fate>;
  /** Tests that fail without a mutant, and why no mutant was tried with them. */
  readonly untried = new Set<string>();
  readonly #tookMs = new Map<string, number>();
  readonly #vitest: Vitest;

  private constructor(vitest: Vitest, fates: ReadonlyMap<number, Fate>) {
    this.#vitest = vitest;
    this.fates = fates;
  }

  static async start(root: string, mutants: readonly Mutant[], capMs: number): Promise<Trial> {
    const fates = mutants.map(
      (mutant): Fate => ({
        mutant,
        killedBy: null,
        reachedBy: new Set(),
        loadedBy: [],
        isEndless: false,
        leftMs: capMs,
      }),
    );
    const vitest = await createVitest(
      'test',
      {
        root,
        config: false,
        watch: false,
        runner: join(import.meta.dirname, 'runner.ts'),
        pool: 'threads',
        maxWorkers: 1,
        // It would not tell the mutants of one run from those of another.
        fsModuleCache: false,
        reporters: [],
        testTimeout: TIMEOUT_MS,
        include: ['test/**/*.test.ts'],
      },
      { plugins: [{ name: 'mutants', enforce: 'pre', transform: switcher(root, mutants) }] },
    );
    return new Trial(vitest, new Map(fates.map((fate) => [fate.mutant.id, fate])));
  }

  /** Tries all living mutants that the tests of a file reach, and take no longer than so long. */
  async tryAll(file: string, slowestMs: number): Promise<void> {
    const living = [...this.fates.values()].filter(({ killedBy }) => killedBy === null);
    const leftMs = living.map(({ mutant, leftMs: ms }) => [mutant.id, ms] as const);
    const run = await this.#run(file, { leftMs, slowestMs, on: null });
    this.#tookMs.set(file, run.diagnostic().duration);
    if (run.errors().length > 0) this.untried.add(`${file} does not load`);
    let isCutShort = false;
    for (const test of run.children.allTests()) {
      const verdict = test.meta().verdict;
      if (verdict) this.#heed(verdict, file, test.fullName);
      else if (test.result().state === 'failed') {
        this.untried.add(`${file}: ${test.fullName} fails`);
      }
      isCutShort ||= verdict?.isCutShort ?? false;
    }
    // That mutant is dead, so a new worker gets further.
    if (isCutShort) await this.tryAll(file, slowestMs);
  }

  /** Tries one mutant from before the tests are loaded, with all files that load it. */
  async tryLoaded(fate: Fate): Promise<void> {
    const cost = (file: string) => this.#tookMs.get(file) ?? 0;
    for (const file of fate.loadedBy.toSorted((a, b) => cost(a) - cost(b))) {
      if (fate.killedBy !== null || fate.leftMs <= 0) return;
      const startedMs = performance.now();
      const run = await this.#run(file, { leftMs: [], slowestMs: 0, on: fate.mutant.id });
      fate.leftMs -= performance.now() - startedMs;
      if (!run.ok()) fate.killedBy = `${file}: ${failedTest(run)}`;
    }
  }

  async end(): Promise<void> {
    await this.#vitest.close();
  }

  async #run(file: string, task: ProvidedContext['task']): Promise<TestModule> {
    this.#vitest.provide('task', task);
    const project = this.#vitest.getRootProject();
    const specification = project.createSpecification(join(this.#vitest.config.root, file));
    const { testModules } = await this.#vitest.runTestSpecifications([specification]);
    const module = testModules.find(({ moduleId }) => moduleId === specification.moduleId);
    if (!module) throw new Error(`${file} did not run.`);
    return module;
  }

  #heed(verdict: Verdict, file: string, test: string): void {
    if (verdict.isUnrepeatable) this.untried.add(`${file}: ${test} fails the second time`);
    for (const id of verdict.reached) this.#fate(id).reachedBy.add(`${file}: ${test}`);
    for (const [id, ms] of verdict.spentMs) this.#fate(id).leftMs -= ms;
    for (const id of verdict.killed) this.#fate(id).killedBy = `${file}: ${test}`;
    for (const id of verdict.endless) this.#fate(id).isEndless = true;
    for (const id of verdict.loaded) {
      const { loadedBy } = this.#fate(id);
      if (!loadedBy.includes(file)) loadedBy.push(file);
    }
  }

  #fate(id: number): Fate {
    const fate = this.fates.get(id);
    if (!fate) throw new Error(`No mutant has the number ${id}.`);
    return fate;
  }
}

function switcher(root: string, mutants: readonly Mutant[]) {
  return (code: string, path: string): string | null => {
    const file = relative(root, path);
    const own = mutants.filter((mutant) => mutant.file === file);
    if (own.length === 0) return null;
    const source = readFileSync(path, 'utf8');
    if (source !== code) throw new Error(`${file} is changed before it is mutated.`);
    return switched(source, own, findMutants(source).loops);
  };
}

function failedTest(module: TestModule): string {
  for (const test of module.children.allTests('failed')) return test.fullName;
  return 'does not load';
}
