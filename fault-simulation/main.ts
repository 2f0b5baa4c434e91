import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runMutants } from './run-mutants.ts';
import { runSeeds } from './run-seeds.ts';
import { storyOf } from './story-of.ts';
import { tellStory } from './tell-story.ts';

const ROOT = join(import.meta.dirname, '..');

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
    mutants: { type: 'boolean', default: false },
  },
});
const [seeds, from, workers] = [values.seeds, values.from, values.workers].map(Number);
const numbers = Array.from({ length: seeds ?? 0 }, (_, at) => (from ?? 1) + at);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const startedMs = performance.now();
let violations = 0;
if (values.mutants) {
  violations = await runMutants({ root: ROOT, seeds: numbers, workers: workers ?? 2, say });
} else {
  await runSeeds({
    root: ROOT,
    seeds: numbers,
    workers: workers ?? 2,
    onResult: ({ seed, violations: found }) => {
      violations += found.length;
      if (found.length > 0) {
        say(tellStory(storyOf(seed)));
        for (const sentence of found) say(`  ! ${sentence}`);
        say(`  again: npm run simulate-faults -- --seeds 1 --from ${seed}\n`);
      }
      return 'go-on';
    },
  });
}
const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
say(JSON.stringify({ seeds: numbers.length, violations, seconds }));
process.exitCode = violations === 0 ? 0 : 2;
