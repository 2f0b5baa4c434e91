// Makes dist/: the folder that is deployed, an ordinary Functions v4 app with its own packages.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const run = (command, args, options = {}) => {
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    ...options,
  });
  if (status !== 0) process.exit(status ?? 1);
};
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
const writeJson = (file, value) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist');
run('tsc', ['-p', 'tsconfig.build.json']);

const { name, version, description, license, type, exports, dependencies } =
  readJson('package.json');
const about = { name, version, private: true, description, license };
const deployed = { ...about, type, main: 'main.js', exports, dependencies };
writeJson('dist/package.json', { ...deployed, engines: { node: '>=22' } });

// The lock file of what is deployed is the repository's own, of which npm keeps what is needed.
const lock = readJson('package-lock.json');
writeJson('dist/package-lock.json', {
  ...lock,
  packages: { ...lock.packages, '': { name, version, license, dependencies } },
});
const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];
run('npm', ['install', '--package-lock-only', ...quietly], { cwd: 'dist' });
for (const file of ['host.json', '.funcignore', 'local.settings.example.json', 'LICENSE']) {
  copyFileSync(file, `dist/${file}`);
}
run('npm', ['ci', ...quietly], { cwd: 'dist' });

const { policyJsonSchema } = await import('../dist/policy/policy-file.js');
writeJson('dist/policy.schema.json', policyJsonSchema());
process.stderr.write('dist/ is ready: deploy it, or run `func start` in it.\n');
