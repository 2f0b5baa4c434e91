// Runs every check and every test, and ends with the plain line `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const run = (command, args) =>
  spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' }).status === 0;

let passed = 0;
let failed = 0;
const count = (name, ok) => {
  process.stdout.write(`${ok ? 'passed' : 'FAILED'}: ${name}\n`);
  if (ok) passed += 1;
  else failed += 1;
};

count('lint', run('biome', ['check']));
count('types', run('tsc', ['--noEmit']));
count('unused', run('knip', []));

const folder = mkdtempSync(join(tmpdir(), 'keyturn-checks-'));
const report = join(folder, 'report.json');
const vitest = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
// What goes between the tests and the simulated Azure is judged afterwards, all at once.
const traffic = join(folder, 'traffic');
mkdirSync(traffic);
process.env.KEYTURN_TRAFFIC = traffic;
const ok = run('vitest', [...vitest, ...process.argv.slice(2)]);
delete process.env.KEYTURN_TRAFFIC;
let skipped = 0;
try {
  const results = JSON.parse(readFileSync(report, 'utf8'));
  passed += results.numPassedTests;
  failed += results.numFailedTests;
  skipped = results.numPendingTests + results.numTodoTests;
  // A file that does not load, or an error outside of a test, is no failed test but a failure.
  if (!ok && results.numFailedTests === 0) count('test files', false);
} catch {
  count('tests', false);
}
count('traffic', run('node', ['test/support/judge-traffic.ts', traffic]));
rmSync(folder, { recursive: true, force: true });

if (skipped > 0) process.stdout.write(`${skipped} skipped; each says why in its name\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
