import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { exampleEstate } from '../src/example-estate.ts';
import { createSimulator } from '../src/simulator.ts';

const PACKAGE = join(import.meta.dirname, '..');
const BIN = join(PACKAGE, '../../node_modules/.bin');
const run = promisify(execFile);

/** A copy of the examples, which goes when the test ends. */
function examples(): string {
  // Within the package, where its name and its dependencies are known.
  const folder = mkdtempSync(join(PACKAGE, '.examples-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(join(PACKAGE, 'examples'), folder, { recursive: true });
  return folder;
}

test('an SDK lists the disks in process', async () => {
  const { stdout } = await run(process.execPath, [join(PACKAGE, 'examples/list-disks.ts')]);

  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(createSimulator({ estate: exampleEstate() }).truth().disks.length);
  for (const line of lines) expect(line).toMatch(/^\S+ EncryptionAtRestWith\w+$/);
});

test.skipIf(process.platform === 'win32')(
  'a shell gives any program the environment in which it finds the simulated Azure',
  async () => {
    const folder = examples();
    const env = { PATH: `${BIN}:/usr/bin:/bin` };

    const { stdout } = await run('bash', ['through-the-proxy.sh'], { cwd: folder, env });

    const [first = '', last] = stdout.trimEnd().split('\n');
    expect(Object.keys(JSON.parse(first).env)).toContain('HTTPS_PROXY');
    expect(last).toBe('vm-erp-app-01 PowerState/deallocated');
    await expect.poll(() => globSync(join(folder, 'azure.env'))).toEqual([]);
  },
);
