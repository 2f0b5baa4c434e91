import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drawn, mutantsOf } from './draw-mutants.ts';
import { describeLiving } from './fate.ts';
import { Trial } from './trial.ts';

const ROOT = join(import.meta.dirname, '..');
const FAST_MS = 100;

const { values, positionals: layers } = parseArgs({
  allowPositionals: true,
  options: {
    drawn: { type: 'string' },
    seed: { type: 'string', default: '1' },
    tests: { type: 'string' },
    'cap-seconds': { type: 'string', default: '60' },
    'slowest-seconds': { type: 'string', default: '60' },
  },
});
const all = mutantsOf(ROOT, layers.length > 0 ? layers : ['domain']);
const mutants = values.drawn ? drawn(all, Number(values.drawn), Number(values.seed)) : all;
const folders = values.tests?.split(',') ?? (layers.length > 0 ? layers : ['domain']);
const files = folders.flatMap((folder) =>
  globSync(folder.endsWith('.ts') ? `test/${folder}` : `test/${folder}/**/*.test.ts`, {
    cwd: ROOT,
  }).toSorted(),
);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const startedMs = performance.now();
const seconds = (): number => Math.round((performance.now() - startedMs) / 1000);
const trial = await Trial.start(ROOT, mutants, Number(values['cap-seconds']) * 1000);
const fates = [...trial.fates.values()].toSorted((a, b) => a.mutant.id - b.mutant.id);
const living = () => fates.filter(({ killedBy }) => killedBy === null);
const tell = (what: string): void => {
  process.stderr.write(`${seconds()} s: ${living().length} of ${fates.length} live ${what}\n`);
};

const slowestMs = Number(values['slowest-seconds']) * 1000;
// What fast tests kill need not be tried with slow ones.
for (const upToMs of new Set([Math.min(FAST_MS, slowestMs), slowestMs])) {
  for (const file of files) {
    await trial.tryAll(file, upToMs);
    tell(`after ${file}`);
  }
}
for (const fate of living()) {
  if (fate.loadedBy.length === 0) continue;
  await trial.tryLoaded(fate);
  tell(`after ${fate.mutant.file}:${fate.mutant.line}`);
}
await trial.end();

const unreached = living().filter(
  ({ reachedBy, loadedBy }) => reachedBy.size + loadedBy.length === 0,
);
for (const fate of living()) {
  say(describeLiving(fate, readFileSync(join(ROOT, fate.mutant.file), 'utf8')));
}
for (const test of trial.untried) say(`untried   ${test}`);
say(
  JSON.stringify({
    mutants: all.length,
    tried: fates.length,
    killed: fates.length - living().length,
    endless: fates.filter(({ isEndless }) => isEndless).length,
    unreached: unreached.length,
    seconds: seconds(),
  }),
);
process.exitCode = living().length === 0 ? 0 : 2;
