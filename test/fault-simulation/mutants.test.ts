import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MUTANTS } from '../../fault-simulation/mutants.ts';

const ROOT = join(import.meta.dirname, '../..');

test.for(MUTANTS.map((mutant) => [mutant.without, mutant] as const))(
  'the patches of the mutant without %s fit the code',
  ([, { patches }]) => {
    for (const { file, replace } of patches) {
      expect(readFileSync(join(ROOT, file), 'utf8').split(replace)).toHaveLength(2);
    }
  },
);
