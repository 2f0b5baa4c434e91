import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';

const PACKAGE = join(import.meta.dirname, '..');
const MAIN = join(PACKAGE, 'src/command/main.ts');

/** An app that says what it was given. */
const APP = `
  import { app } from '@azure/functions';
  app.http('given', { handler: () => ({ jsonBody: [process.env.GREETING, process.env.NAME] }) });
`;
const FILES = {
  'package.json': { type: 'module', main: 'dist/*.js' },
  'host.json': { version: '2.0', extensions: { http: { routePrefix: 'v1' } } },
  'local.settings.json': { Values: { GREETING: 'Good day', NAME: 'nobody' } },
  'dist/given.js': APP,
};

/** A folder with an app, as Azure would take it, with other files here and there. */
function anApp(others: Readonly<Record<string, unknown>> = {}): string {
  // Within the package, where the libraries of Azure Functions are found.
  const folder = mkdtempSync(join(PACKAGE, '.app-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'dist'));
  for (const [name, content] of Object.entries({ ...FILES, ...others })) {
    if (content === null) continue;
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (data) => {
    said.out += data;
  });
  child.stderr.on('data', (data) => {
    said.err += data;
  });
  const first = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  const ended = new Promise<{ exitCode: number | null; out: string; err: string }>((resolve) => {
    child.once('close', (exitCode) => resolve({ exitCode, ...said }));
  });
  return { child, first, ended };
}

test('runs a folder, with its settings where the environment has none', async () => {
  const folder = anApp();
  const { child, first, ended } = start([folder, '--port', '0'], { NAME: 'Ada' });

  const { url, functions } = JSON.parse(await first) as { url: string; functions: string[] };
  const given = await (await fetch(`${url}/v1/given`)).json();
  child.kill('SIGTERM');

  expect(functions).toEqual(['given']);
  expect(given).toEqual(['Good day', 'Ada']);
  expect((await ended).exitCode).toBe(0);
  expect(statSync(join(folder, '.functions-host.sqlite')).isFile()).toBe(true);
});

test.for<[what: string, files: Readonly<Record<string, unknown>>, said: RegExp]>([
  ['no host.json', { 'host.json': null }, /host\.json is missing: .* is no Functions app/],
  ['no JSON', { 'host.json': '{' }, /host\.json cannot be read: .*JSON/],
  ['a list', { 'package.json': [] }, /package\.json cannot be read: it is no object/],
  ['no main', { 'package.json': { type: 'module' } }, /package\.json names no "main"/],
  ['no such file', { 'package.json': { main: 'src/*.js' } }, /no file "src\/\*\.js"/],
  [
    'a number for a name',
    { 'host.json': { extensions: { durableTask: { hubName: 7 } } } },
    /host\.json: hubName must be a text/,
  ],
  [
    'no room for an activity',
    { 'host.json': { extensions: { durableTask: { maxConcurrentActivityFunctions: 0 } } } },
    /maxConcurrentActivityFunctions must be a whole number/,
  ],
])('a person reads what is wrong about a folder with %s', async ([, files, said]) => {
  const { exitCode, out, err } = await start([anApp(files)]).ended;

  expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
  expect(err).toMatch(said);
  expect(err).not.toMatch(/^ {4}at /m);
});

test.for<[args: readonly string[], said: RegExp]>([
  [[], /^Name one folder\.\n$/],
  [['a', 'b'], /^Name one folder\.\n$/],
  [['a', '--port', 'x'], /^--port is "x"; it must be a port number\.\n$/],
  [['a', '--prot', '1'], /^Unknown option '--prot'/],
])('a person reads what is wrong about %j', async ([args, said]) => {
  const { exitCode, err } = await start(args).ended;

  expect(exitCode).toBe(1);
  expect(err).toMatch(said);
});
