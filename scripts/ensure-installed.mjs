// Installs the locked packages when they are absent or older than the lock file, with nothing but Node and npm.
// Runs before every npm script, on whatever Node the machine has: only APIs of Node 20 here.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const INSTALLED = 'node_modules/.package-lock.json';
/** Holds the ID of the process that installs. Not in node_modules, which npm ci deletes. */
const LOCK = join(tmpdir(), `keyturn-install-${digest(process.cwd())}.lock`);
const LOOK_EVERY_MS = 200;

if (!isInstalled()) {
  await lock();
  try {
    if (!isInstalled()) process.exitCode = install();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function isInstalled() {
  return (
    existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync('package-lock.json').mtimeMs
  );
}

function install() {
  process.stderr.write('Installing packages (npm ci), about half a minute…\n');
  const options = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = spawnSync('npm', options, {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  return npm.status ?? 1;
}

/** Two npm ci at once take the packages away from each other, and from what runs already. */
async function lock() {
  for (let round = 1; !isTaken(); round += 1) {
    if (round === 1) process.stderr.write('Waiting for another npm run that installs packages…\n');
    if (!isAlive(holder())) rmSync(LOCK, { force: true });
    else await setTimeout(LOOK_EVERY_MS);
  }
}

function isTaken() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** 0, as long as it has written nothing. */
function holder() {
  try {
    return Number(readFileSync(LOCK, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function digest(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
