import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const GREETINGS = join(import.meta.dirname, '../examples/greetings');
const run = promisify(execFile);

test('the example passes its own test, in virtual time', async () => {
  const args = ['--disable-warning=ExperimentalWarning', '--test', 'app-test.js'];

  const { stdout } = await run(process.execPath, args, { cwd: GREETINGS });

  expect(stdout).toMatch(/ pass 1$/m);
  expect(stdout).toMatch(/ fail 0$/m);
});
