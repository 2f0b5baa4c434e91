import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOT, runProgram } from '../support/run-command.ts';

const SCRIPT = join(ROOT, 'scripts/ensure-installed.mjs');
/** What npm ci does to other programs: the packages are away, and a while later they are there. */
const NPM = `#!/bin/sh
echo "npm $*" >> npm.log
rm -rf node_modules
sleep 1
mkdir node_modules
touch node_modules/.package-lock.json
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyturn-install-'));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  writeFileSync(join(folder, 'npm.log'), '');
  writeFileSync(join(folder, 'bin/npm'), NPM);
  chmodSync(join(folder, 'bin/npm'), 0o755);
});

afterEach(() => rmSync(folder, { recursive: true }));

function ensureInstalled() {
  const inFolder = `process.chdir(${JSON.stringify(folder)}); await import(${JSON.stringify(SCRIPT)});`;
  return runProgram(['--input-type=module', '--eval', inFolder], {
    PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`,
    TMPDIR: folder,
  });
}

const installs = () => readFileSync(join(folder, 'npm.log'), 'utf8').split('\n').length - 1;

test('of two npm runs at once, one installs and the other waits for it', async () => {
  const [first, second] = await Promise.all([ensureInstalled(), ensureInstalled()]);

  expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
  expect(first.err + second.err).toContain('Waiting for another npm run');
  expect(installs()).toBe(1);
});

test('what is installed is not installed again', async () => {
  await ensureInstalled();

  expect(await ensureInstalled()).toEqual({ exitCode: 0, out: '', err: '' });
  expect(installs()).toBe(1);
});

test('one that was killed while it installed is not waited for', async () => {
  const kill = `#!/bin/sh\nkill -9 $PPID\n`;
  writeFileSync(join(folder, 'bin/npm'), kill);
  await ensureInstalled();
  writeFileSync(join(folder, 'bin/npm'), NPM);

  expect((await ensureInstalled()).exitCode).toBe(0);
  expect(installs()).toBe(1);
});
