// Installs the locked packages when they are absent or older than the lock file, with nothing but Node and npm.
// Runs before every npm script, on whatever Node the machine has: only APIs of Node 20 here.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const INSTALLED = 'node_modules/.package-lock.json';
const locked = statSync('package-lock.json').mtimeMs;

if (!existsSync(INSTALLED) || statSync(INSTALLED).mtimeMs < locked) {
  process.stderr.write('Installing packages (npm ci), about half a minute…\n');
  const options = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = spawnSync('npm', options, {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) process.exit(npm.status ?? 1);
}
