// Runs the checks and tests, unit tests first, and ends with the plain line `N passed, N failed`.
// With `--everything` the long ones too, as CI does. With other arguments it runs vitest with them and nothing
// else: `npm test -- test/domain/turn/lease.test.ts`.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Node keeps there what it has compiled: some hundred processes load the same packages. */
process.env.NODE_COMPILE_CACHE ??= resolve('node_modules/.cache/compiled');

const args = process.argv.slice(2);
const everything = args[0] === '--everything';
if (args.length > 0 && !everything) process.exit(await run('vitest', ['run', ...args], 'inherit'));

let passed = 0;
let failed = 0;
let skipped = 0;
const folder = mkdtempSync(join(tmpdir(), 'keyturn-checks-'));
// What goes between the tests and the simulated Azure is judged afterwards, all at once.
const traffic = join(folder, 'traffic');
mkdirSync(traffic);
try {
  await tests('unit', ['--project', 'unit']);
  await Promise.all([
    check('lint', 'biome', ['check']),
    check('types', 'tsc', ['--noEmit']),
    // Of hundreds of files, and not one of the packages: `npm run unused` fetches it.
    ...(everything ? [check('unused', 'npm', ['run', '--silent', 'unused'])] : []),
  ]);
  // Written down only where somebody judges it: see packages/azure-simulator/test/judge.ts.
  if (process.env.JUDGE_PACKAGES) process.env.KEYTURN_TRAFFIC = traffic;
  const others = ['integration', 'e2e', ...(everything ? ['long'] : [])];
  await tests(
    'other',
    others.flatMap((project) => ['--project', project]),
  );
  delete process.env.KEYTURN_TRAFFIC;
  await check('traffic', 'node', ['test/support/judge-traffic.ts', traffic]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (skipped > 0) process.stdout.write(`${skipped} skipped; each says why in its name\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs some of the tests, and counts them. */
async function tests(name, projects) {
  const report = join(folder, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const ok = (await run('vitest', ['run', ...reporters, ...projects], 'inherit')) === 0;
  const results = read(report);
  if (results === null) {
    count(`${name} tests`, false);
    return;
  }
  passed += results.numPassedTests;
  failed += results.numFailedTests;
  skipped += results.numPendingTests + results.numTodoTests;
  // A file that does not load, or an error outside of a test, is no failed test but a failure.
  if (!ok && results.numFailedTests === 0) count(`${name} test files`, false);
}

/** Runs a program, whose words are shown at its end: several run at once. */
async function check(name, command, words) {
  count(name, (await run(command, words, 'pipe')) === 0);
}

function count(name, ok) {
  process.stdout.write(`${ok ? 'passed' : 'FAILED'}: ${name}\n`);
  if (ok) passed += 1;
  else failed += 1;
}

/** The exit code. */
function run(command, words, output) {
  const child = spawn(command, words, {
    stdio: ['inherit', output, output],
    shell: process.platform === 'win32',
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => said.push(data));
  return new Promise((done) => {
    child.once('error', () => done(1));
    child.once('close', (code) => {
      process.stdout.write(Buffer.concat(said));
      done(code ?? 1);
    });
  });
}

function read(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return null;
  }
}
