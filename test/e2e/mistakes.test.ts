import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Finished, runCommand, runKeyturn } from '../support/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-cli-'));
const inFolder = (name: string): string => join(folder, name);
const atOnce = { concurrent: true, timeout: 60_000 } as const;

/** An environment in which nothing of Azure can be reached, and nobody is signed in. */
const NOWHERE = {
  HTTPS_PROXY: 'http://127.0.0.1:9',
  HTTP_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: '',
  PATH: '',
  HOME: folder,
  ...Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => /^(AZURE|IDENTITY|MSI|KEYTURN)_/.test(name))
      .map((name) => [name, undefined]),
  ),
};

beforeAll(() => {
  writeFileSync(inFolder('file'), '');
  writeFileSync(
    inFolder('good.yaml'),
    'scope:\n  - subscription: 5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30\n',
  );
  writeFileSync(
    inFolder('five.yaml'),
    `mode: enforced
scope:
  - subscription: production
encryptionSets:
  westeurope: des-westeurope
mayDeallocate: 7
settle: 10
`,
  );
  writeFileSync(
    inFolder('estate.json'),
    JSON.stringify({ subscriptionId: 3, disks: [{ name: 'd', sizeGB: 'x' }, {}], more: 1 }),
  );
  writeFileSync(inFolder('no.json'), 'disks: none');
  mkdirSync(inFolder('damaged'));
  writeFileSync(join(inFolder('damaged'), 'state.sqlite'), 'This is no database. '.repeat(500));
});

afterAll(() => rmSync(folder, { recursive: true }));

function expectOneClearAnswer({ exitCode, out, err }: Finished): void {
  expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
  expect(err).not.toMatch(/^\s+at |Node\.js v\d|node:internal|\[object|undefined/m);
}

let folders = 0;
/** With a state folder of its own: these run at the same time. */
function serve(...args: string[]): string[] {
  folders += 1;
  return ['serve', '--port', '0', '--state', inFolder(`state-${folders}`), ...args];
}

describe('a mistake is answered with exit code 1 and with words', atOnce, () => {
  test.for<[says: RegExp, args: () => string[]]>([
    [/no command "bogus". See keyturn --help/, () => ['bogus']],
    [/no command "__proto__"/, () => ['__proto__']],
    [/Unknown option '--bogus'\nSee keyturn serve --help/, () => ['serve', '--bogus']],
    [/'--port <value>' argument missing/, () => ['serve', '--port']],
    [/--port is "70000"; it must be a port/, () => ['serve', '--port', '70000']],
    [/Unexpected argument 'more'/, () => ['simulate', 'more']],
    [/--events is "here"; it must be a URL/, () => ['simulate', '--events', 'here']],
    [/Say what to convert/, () => ['convert']],
    [/There is no keyturn at/, () => ['status', '--key', 'k', '--url', 'http://127.0.0.1:9']],
    [/holds none/, () => ['status', '--state', inFolder('none')]],
    [/--policy FILE, or set KEYTURN_POLICY_FILE\. examples\/policy\.yaml is one/, () => serve()],
    [
      /policy file .*none\.yaml cannot be read: ENOENT/,
      () => serve('--policy', inFolder('none.yaml')),
    ],
    [
      /five\.yaml:1: mode .*\n.*:3: scope\[0\]\.subscription .*\n.*:5: encryptionSets\.westeurope .*\n.*:6: mayDeallocate .*\n.*:7: settle /,
      () => serve('--policy', inFolder('five.yaml')),
    ],
    [/cannot start:\n.*five\.yaml:1/, () => ['demo', '--policy', inFolder('five.yaml')]],
    [
      /cannot be used: a part of the path/,
      () => ['serve', '--policy', inFolder('good.yaml'), '--state', inFolder('file/state')],
    ],
    [
      /damaged or no state file/,
      () => ['serve', '--policy', inFolder('good.yaml'), '--state', inFolder('damaged')],
    ],
    [
      /estate file .*none\.json cannot be read/,
      () => ['simulate', '--estate', inFolder('none.json')],
    ],
    [
      /estate file .*no\.json cannot be read: .*JSON/,
      () => ['simulate', '--estate', inFolder('no.json')],
    ],
    [
      /has mistakes:\n.*subscriptionId.*\n.*disks\[0\]\.sizeGB.*\n.*disks\[1\]\.name.*\n.*more/,
      () => ['simulate', '--estate', inFolder('estate.json')],
    ],
    [/--record .* cannot be written: it is a folder/, () => ['simulate', '--record', folder]],
    [/environment file .* cannot be written: it is/, () => ['simulate', '--environment', folder]],
  ])('%s', async ([says, args]) => {
    const ended = await runKeyturn(args(), { KEYTURN_KEY: undefined });

    expectOneClearAnswer(ended);
    expect(ended.err).toMatch(says);
  });

  test.for<[says: RegExp, journal: string]>([
    [/The journal .*damaged.* cannot be used: file is not a database/, 'damaged/state.sqlite'],
    [/The journal .* cannot be used: unable to open/, 'none/journal.sqlite'],
  ])('%s', async ([says, journal]) => {
    const args = serve('--policy', inFolder('good.yaml'));
    const ended = await runKeyturn(args, { KEYTURN_JOURNAL: inFolder(journal) });

    expectOneClearAnswer(ended);
    expect(ended.err).toMatch(says);
  });

  test.for([[], ['--policy', inFolder('five.yaml')]])(
    'serve %j leaves nothing behind',
    async (more) => {
      const args = serve(...more);
      await runKeyturn(args, { KEYTURN_POLICY_FILE: undefined });

      expect(existsSync(args[args.indexOf('--state') + 1] ?? '')).toBe(false);
    },
  );

  test('npm start -- --bogus', async () => {
    const { exitCode, err } = await runCommand('npm', ['start', '--', '--bogus']);

    expect(exitCode).toBe(1);
    expect(err).toMatch(/Unknown option '--bogus'/);
    expect(err).not.toMatch(/^\s+at /m);
  });

  test('a program at the URL that is no keyturn', async () => {
    const server = createServer((_, response) => response.end('<html>Hello</html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;

    const ended = await runKeyturn(['status', '--key', 'k', '--url', `http://127.0.0.1:${port}`]);

    server.close();
    expectOneClearAnswer(ended);
    expect(ended.err).toMatch(/is no keyturn \(200\)/);
  });

  test('serve says soon that it cannot sign in, and again at the next start', async () => {
    const args = ['serve', '--policy', inFolder('good.yaml'), '--port', '0'];
    for (const _ of ['first', 'second']) {
      const { exitCode, err } = await runKeyturn([...args, '--state', inFolder('lost')], NOWHERE);

      expect(exitCode).toBe(1);
      expect(err).toMatch(/^keyturn cannot sign in to Azure: .*az login.*keyturn simulate\.$/m);
      expect(err).not.toMatch(/^\s+at /m);
    }
  });
});

test.for<[args: readonly string[], says: string]>([
  [['--help'], 'keyturn simulate'],
  [['serve', '--help'], '--policy FILE'],
  [['convert', '--bogus', '-h'], '--dry-run'],
])('%j is answered on stdout', async ([args, says]) => {
  const { exitCode, out, err } = await runKeyturn(args);

  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  expect(out).toContain(says);
});
