import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';

const MAIN = join(import.meta.dirname, '../src/command/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'azure-simulator-'));
afterAll(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string, content?: unknown): string => {
  const file = join(folder, name);
  if (content !== undefined) writeFileSync(file, JSON.stringify(content));
  return file;
};

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
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

test('says how it is reached, and leaves nothing behind', async () => {
  const environment = join(folder, 'azure.env');
  const estate = inFolder('estate.json', { subscriptionId: 's', disks: [] });
  const faults = inFolder('faults.json', [{ kind: 'drop', path: 'disks', when: 'before' }]);
  const { child, first, ended } = start(
    ...['--estate', estate, '--faults', faults, '--speed', '100', '--seed', '7'],
    ...['--record', join(folder, 'traffic.jsonl'), '--environment', environment],
  );

  const { env } = JSON.parse(await first) as { env: Record<string, string> };
  const forShell = readFileSync(environment, 'utf8');
  child.kill('SIGTERM');

  expect(await ended).toMatchObject({ exitCode: 0, err: '' });
  expect(forShell).toContain(`export HTTPS_PROXY='${env['HTTPS_PROXY']}'`);
  expect(existsSync(environment)).toBe(false);
  expect(existsSync(env['NODE_EXTRA_CA_CERTS'] ?? '')).toBe(false);
  expect(statSync(join(folder, 'traffic.jsonl')).mode & 0o777).toBe(0o600);
});

test.for<[what: string, args: readonly string[], said: RegExp]>([
  ['an option', ['--sped', '3'], /^Unknown option '--sped'/],
  ['a speed', ['--speed', '0'], /^--speed is "0"; it must be a number greater than 0\.\n$/],
  ['an estate', ['--estate', inFolder('bad.json', { disks: 1 })], /has mistakes:\n {2}- \$\.subs/],
  ['faults', ['--faults', inFolder('none.json')], /cannot be read: ENOENT/],
  ['a recording', ['--record', folder], /^EISDIR/],
  ['an environment', ['--environment', folder], /^EISDIR/],
])('a person reads what is wrong about %s', async ([, args, said]) => {
  const { exitCode, out, err } = await start(...args).ended;

  expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
  expect(err).toMatch(said);
  expect(err).not.toMatch(/^ {4}at /m);
});

test('explains itself', async () => {
  const { exitCode, out } = await start('--help').ended;

  expect(exitCode).toBe(0);
  expect(out).toMatch(/^azure-simulator \[/);
});
