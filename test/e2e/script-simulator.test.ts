import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Finished, runKeyturn, type Started, startKeyturn } from '../support/run-command.ts';

const SUBSCRIPTION = '5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30';
const folder = mkdtempSync(join(tmpdir(), 'keyturn-script-'));
const estateFile = join(folder, 'estate.json');
const faultsFile = join(folder, 'faults.json');
let azure: Started;
let env: Record<string, string>;

beforeAll(async () => {
  const made = await runKeyturn(['estate', 'generate', '--vms', '20', '--output', estateFile]);
  expect(made).toMatchObject({ exitCode: 0, out: '' });
  writeFileSync(faultsFile, JSON.stringify([{ kind: 'throttle', path: 'locks$', retryAfterS: 1 }]));
  azure = await startKeyturn(
    ['simulate', '--estate', estateFile, '--faults', faultsFile, '--speed', '100'],
    { TMPDIR: folder },
  );
  ({ env } = azure.firstLine as { env: Record<string, string> });
}, 30_000);

afterAll(async () => {
  azure?.child.kill('SIGTERM');
  await azure?.finished;
  rmSync(folder, { recursive: true });
});

const keyturn = (...args: readonly string[]): Promise<Finished> => runKeyturn(args, env);

test('a generated estate is the same each time, on standard output too', async () => {
  const again = await keyturn('estate', 'generate', '--vms', '20');

  expect(again.exitCode).toBe(0);
  expect(JSON.parse(again.out)).toEqual(JSON.parse(readFileSync(estateFile, 'utf8')));
  expect(statSync(estateFile).mode & 0o777).toBe(0o600);
});

test('faults of the file wait, more are added while it runs, and all are cleared', async () => {
  const added = await keyturn(
    ...['fault', 'add', 'refuse', '--path', 'disks/', '--method', 'PATCH', '--times', '3'],
    ...['--status', '409', '--code', 'OperationNotAllowed', '--message', 'not now'],
  );
  const raw = await keyturn(
    ...['fault', 'add', 'refuse', '--path', 'snapshots/', '--status', '502', '--body', ''],
  );
  const listed = await keyturn('fault', 'list');
  const asJson = await keyturn('fault', 'list', '--output', 'json');
  const cleared = await keyturn('fault', 'clear');
  const none = await keyturn('fault', 'list');

  expect(added).toEqual({
    exitCode: 0,
    out: '',
    err: 'It waits for the next call, or event, that matches.\n',
  });
  expect(raw).toMatchObject({ exitCode: 0, out: '' });
  expect(listed.out.split('\n').slice(2, 5)).toEqual([
    'throttle  any     locks$      1',
    'refuse    PATCH   disks/      3',
    'refuse    any     snapshots/  1',
  ]);
  expect(JSON.parse(asJson.out)).toHaveLength(3);
  expect(cleared.exitCode).toBe(0);
  expect(none).toMatchObject({ exitCode: 0, out: '', err: 'No fault waits.\n' });
});

test('what is wrong about a fault is said all at once', async () => {
  const { exitCode, err } = await keyturn('fault', 'add', 'refuse', '--path', '(', '--status', 'x');

  expect(exitCode).toBe(1);
  expect(err).toBe(`The simulated Azure says no:
  - $.path: expected a regular expression
  - $.status: expected an HTTP status from 400 on
  - $.code: is missing
  - $.message: is missing
See keyturn fault --help.
`);
});

test.for<[says: RegExp, args: readonly string[]]>([
  [/Say what to do: add, list or clear\./, ['fault']],
  [/Name a kind: refuse, throttle,/, ['fault', 'add']],
  [/"now" is too much\./, ['fault', 'clear', 'now']],
  [/--path is for keyturn fault add\./, ['fault', 'list', '--path', 'x']],
  [/Say what to do: generate or export\./, ['estate']],
  [/--vms is missing; it must be a number/, ['estate', 'generate']],
  [/--subscription is missing; it must be the ID/, ['estate', 'export']],
  [
    /--output \S+ cannot be written: it is a folder\./,
    ['estate', 'generate', '--vms', '1', '--output', '.'],
  ],
])('%s', async ([says, args]) => {
  const { exitCode, err } = await keyturn(...args);

  expect(err).toMatch(says);
  expect(exitCode).toBe(1);
});

test('without the environment of a simulated Azure there is advice', async () => {
  const gone = { HTTPS_PROXY: 'http://127.0.0.1:9', NODE_EXTRA_CA_CERTS: undefined };

  const [unset, nobody] = await Promise.all([
    runKeyturn(['fault', 'list'], { HTTPS_PROXY: undefined }),
    runKeyturn(['fault', 'list'], gone),
  ]);

  expect(unset.err).toMatch(/There is no HTTPS_PROXY\. Set the environment that keyturn simulate/);
  expect(nobody.err).toMatch(/No simulated Azure answers\. Set the environment/);
  expect([unset.exitCode, nobody.exitCode]).toEqual([1, 1]);
});

test('the simulated subscription is exported, and the masked file is an estate', async () => {
  const { subscriptionId } = JSON.parse(readFileSync(estateFile, 'utf8'));
  const masked = join(folder, 'masked.json');

  const plain = await keyturn('estate', 'export', '--subscription', subscriptionId);
  const { exitCode, err } = await keyturn(
    ...['estate', 'export', '--subscription', subscriptionId, '--mask', '--output', masked],
  );

  expect(plain.exitCode).toBe(0);
  expect(JSON.parse(plain.out).virtualMachines).toHaveLength(20);
  expect({ exitCode, err }).toEqual({
    exitCode: 0,
    err: expect.stringMatching(/^\S+masked\.json holds 20 VMs and \d+ disks\.\n$/),
  });
  const text = readFileSync(masked, 'utf8');
  expect(text).not.toContain(subscriptionId);
  expect(text).not.toContain('vm-0000');
  const again = await startKeyturn(['simulate', '--estate', masked], { TMPDIR: folder });
  again.child.kill('SIGTERM');
  expect((await again.finished).exitCode).toBe(0);
});

test('a subscription that is not there, or may not be read, is said in words', async () => {
  const { exitCode, err } = await keyturn('estate', 'export', '--subscription', SUBSCRIPTION);

  expect(exitCode).toBe(1);
  expect(err).toMatch(/subscription|Reader/i);
});

test('a fault file with mistakes is refused with all of them', async () => {
  const file = join(folder, 'wrong.json');
  writeFileSync(
    file,
    JSON.stringify([
      { kind: 'explode', path: 'x' },
      { kind: 'drop', path: 'x' },
    ]),
  );

  const { exitCode, err } = await keyturn('simulate', '--faults', file);

  expect(exitCode).toBe(1);
  expect(err).toMatch(/has mistakes:\n {2}- \$\[0\]\.kind: .*\n {2}- \$\[1\]\.when: is missing\n/);
});
