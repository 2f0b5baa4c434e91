import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Draw } from '../fault-simulation/draw.ts';
import { findMutants } from './find-mutants.ts';
import type { Mutant } from './mutant.ts';

/** All mutants of some layers of the sources, numbered in the order of files and places. */
export function mutantsOf(root: string, layers: readonly string[]): Mutant[] {
  const files = layers.flatMap((layer) => globSync(`src/${layer}/**/*.ts`, { cwd: root }));
  const all = files.toSorted().flatMap((file) => {
    const source = readFileSync(join(root, file), 'utf8');
    return findMutants(source).changes.map((change) => ({
      ...change,
      file,
      line: source.slice(0, change.start).split('\n').length,
    }));
  });
  return all.map((mutant, id) => ({ ...mutant, id }));
}

/** The same few for the same seed, as long as the sources are the same. */
export function drawn(mutants: readonly Mutant[], howMany: number, seed: number): Mutant[] {
  const chance = new Draw(seed);
  return mutants
    .map((mutant) => ({ mutant, rank: chance.between(0, 2 ** 30) }))
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, howMany)
    .map(({ mutant }) => mutant);
}
