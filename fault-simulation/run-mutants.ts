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
  let survivors = 0;
  for (const mutant of MUTANTS) {
    const copy = copyOf(root);
    try {
      apply(mutant, copy);
      const caught = await catcher(copy, seeds, workers);
      if (caught === null) survivors += 1;
      say(
        caught === null
          ? `NOT CAUGHT  ${mutant.without}`
          : `caught      ${mutant.without}: seed ${caught.seed}, ${caught.violations[0]}`,
      );
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }
  return survivors;
}

async function catcher(
  root: string,
  seeds: readonly number[],
  workers: number,
): Promise<SeedResult | null> {
  const caught: SeedResult[] = [];
  await runSeeds({
    root,
    seeds,
    workers,
    onResult: (result) => {
      if (result.violations.length === 0) return 'go-on';
      caught.push(result);
      return 'enough';
    },
  });
  return caught.toSorted((a, b) => a.seed - b.seed)[0] ?? null;
}

function copyOf(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'keyturn-mutant-'));
  for (const path of ['src', 'fault-simulation', 'test/support', 'package.json']) {
    cpSync(join(root, path), join(copy, path), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** @throws when a patch does not fit exactly once: the mutant must be written anew. */
function apply({ without, patches }: Mutant, root: string): void {
  for (const { file, replace, by } of patches) {
    const path = join(root, file);
    const parts = readFileSync(path, 'utf8').split(replace);
    if (parts.length !== 2) throw new Error(`${without}: a patch of ${file} does not fit any more`);
    writeFileSync(path, parts.join(by));
  }
}
