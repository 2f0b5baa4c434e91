import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MUTANTS, type Mutant } from './mutants.ts';
import { runSeeds, type SeedResult } from './run-seeds.ts';

interface Options {
  readonly root: string;
  readonly seeds: readonly number[];
  readonly workers: number;
  readonly say: (text: string) => void;
}

/** Plays the seeds on copies of the sources with one safeguard missing; returns how many passed. */
export async function runMutants({ root, seeds, workers, say }: Options): Promise<number> {
  for (const mutant of MUTANTS) patched(mutant, root);
  // A seed that fails without a mutant tells nothing.
  const failing = new Set((await failures(root, seeds, workers, 'go-on')).map(({ seed }) => seed));
  const telling = seeds.filter((seed) => !failing.has(seed));
  let survivors = 0;
  for (const mutant of MUTANTS) {
    const copy = copyOf(root);
    try {
      apply(mutant, copy);
      const [caught] = await failures(copy, telling, workers, 'enough');
      if (!caught) survivors += 1;
      say(
        caught
          ? `caught      ${mutant.without}: seed ${caught.seed}, ${caught.violations[0]}`
          : `NOT CAUGHT  ${mutant.without}`,
      );
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }
  return survivors;
}

/** The seeds with violations, the lowest first; all of them, or what the first one takes. */
async function failures(
  root: string,
  seeds: readonly number[],
  workers: number,
  afterOne: 'go-on' | 'enough',
): Promise<readonly SeedResult[]> {
  const found: SeedResult[] = [];
  await runSeeds({
    root,
    seeds,
    workers,
    onResult: (result) => {
      if (result.violations.length === 0) return 'go-on';
      found.push(result);
      return afterOne;
    },
  });
  return found.toSorted((a, b) => a.seed - b.seed);
}

function copyOf(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'keyturn-mutant-'));
  for (const path of [
    'src',
    'packages',
    'fault-simulation',
    'test/support',
    'package.json',
    'host.json',
  ]) {
    cpSync(join(root, path), join(copy, path), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

function apply(mutant: Mutant, root: string): void {
  for (const { path, text } of patched(mutant, root)) writeFileSync(path, text);
}

/** @throws when a patch does not fit exactly once: the mutant must be written anew. */
function patched({ without, patches }: Mutant, root: string): { path: string; text: string }[] {
  return patches.map(({ file, replace, by }) => {
    const path = join(root, file);
    const parts = readFileSync(path, 'utf8').split(replace);
    if (parts.length !== 2) throw new Error(`${without}: a patch of ${file} does not fit any more`);
    return { path, text: parts.join(by) };
  });
}
