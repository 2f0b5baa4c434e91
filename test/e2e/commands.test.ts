import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStateFolder } from '../../src/cli/serving/state-folder.ts';
import type { ConversionView } from '../../src/functions/http/conversion-view.ts';
import {
  type Finished,
  type Running,
  runCommand,
  runKeyturn,
  runProgram,
  type Started,
  spawnKeyturn,
  startKeyturn,
} from '../support/run-command.ts';

const SUBSCRIPTION = '5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30';
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app`;
const COMPUTE = `${GROUP}/providers/Microsoft.Compute`;
const WEST = { location: 'westeurope' } as const;

const ESTATE = {
  subscriptionId: SUBSCRIPTION,
  resourceGroups: [
    { name: 'rg-app', ...WEST },
    { name: 'rg-two', ...WEST },
    { name: 'rg-keys', ...WEST },
  ],
  vaults: [{ name: 'kv', group: 'rg-keys', ...WEST, keys: [{ name: 'disks' }] }],
  encryptionSets: [{ name: 'des', group: 'rg-keys', ...WEST, key: 'kv/disks' }],
  virtualMachines: [
    { name: 'vm-1', group: 'rg-app', ...WEST, dataDisks: 1 },
    { name: 'vm-2', group: 'rg-app', ...WEST },
  ],
  disks: [
    { name: 'disk-1', group: 'rg-app', ...WEST },
    { name: 'disk-2', group: 'rg-two', ...WEST },
    { name: 'disk-refused', group: 'rg-app', ...WEST, ade: 'before' },
    { name: 'disk-upload', group: 'rg-app', ...WEST, state: 'ReadyToUpload' },
  ],
};

const folder = mkdtempSync(join(tmpdir(), 'keyturn-cli-'));
const temporary = join(folder, 'tmp');
const state = join(folder, 'state');
const policyFile = join(folder, 'policy.yaml');
const estateFile = join(folder, 'estate.json');
const envFile = join(folder, 'azure.env');
const traffic = join(folder, 'traffic.jsonl');
const { keys } = openStateFolder(state);
let azure: Started;
let app: Started;
let env: Record<string, string>;
let url: string;
const appLog: string[] = [];

beforeAll(async () => {
  writeFileSync(estateFile, JSON.stringify(ESTATE));
  writePolicy({ scope: [] });
  const port = await aFreePort();
  const query = `functionName=onDiskWritten&code=${keys.eventGrid}`;
  const events = `http://127.0.0.1:${port}/runtime/webhooks/eventgrid?${query}`;
  azure = await startKeyturn(
    [
      ...['simulate', '--speed', '50', '--estate', estateFile, '--record', traffic],
      ...['--events', events, '--environment', envFile],
    ],
    { TMPDIR: makeTemporary() },
  );
  ({ env } = azure.firstLine as { env: Record<string, string> });
  const place = ['--port', String(port), '--state', state];
  app = await startKeyturn(['serve', '--policy', policyFile, ...place], env);
  ({ url } = app.firstLine as { url: string });
  createInterface({ input: app.child.stderr ?? process.stdin }).on('line', (line) => {
    appLog.push(line);
  });
}, 30_000);

afterAll(async () => {
  app?.child.kill('SIGKILL');
  azure?.child.kill('SIGKILL');
  await Promise.all([app?.finished, azure?.finished]);
  rmSync(folder, { recursive: true });
});

test('simulate says all that a client needs, and nothing else', () => {
  expect(Object.keys(azure.firstLine as object)).toEqual(['env']);
  expect(Object.keys(env).toSorted()).toEqual([
    'APPSETTING_WEBSITE_SITE_NAME',
    'HTTPS_PROXY',
    'IDENTITY_ENDPOINT',
    'IDENTITY_HEADER',
    'MSI_ENDPOINT',
    'MSI_SECRET',
    'NODE_EXTRA_CA_CERTS',
    'NO_PROXY',
    'REQUESTS_CA_BUNDLE',
  ]);
});

test('simulate writes the same as a file for a shell', async () => {
  const print = `. "${envFile}" && printf '%s' "$NODE_EXTRA_CA_CERTS $IDENTITY_HEADER"`;
  const { out } = await runCommand('sh', ['-c', print], { NODE_EXTRA_CA_CERTS: undefined });

  expect(out).toBe(`${env['NODE_EXTRA_CA_CERTS']} ${env['IDENTITY_HEADER']}`);
});

test('serve says where it is', () => {
  expect(app.firstLine).toEqual({
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    state,
  });
});

describe('while the policy names nothing', () => {
  test('status says when the sweep comes and that there is nothing, and nothing on stdout', async () => {
    const { exitCode, out, err } = await keyturn('status');

    const [sweeps, ...rest] = err.split('\n');
    expect(sweeps).toMatch(/^Next sweeps: (\S+:00\.000Z, ){2}\S+:00\.000Z\. The last: /);
    expect({ exitCode, out, rest }).toEqual({
      exitCode: 0,
      out: '',
      rest: ['There were no conversions in the last 24 hours.', ''],
    });
  });

  test('status --output json is an empty list', async () => {
    const { exitCode, out } = await keyturn('status', '--output', 'json');

    expect({ exitCode, json: JSON.parse(out) }).toEqual({ exitCode: 0, json: [] });
  });

  test('convert is refused by name', async () => {
    const { exitCode, out, err } = await keyturn('convert', '-s', SUBSCRIPTION);

    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err).toContain('OutOfPolicyScope');
  });
});

describe('when the policy names the group', () => {
  /** All at once: a request looks every five seconds whether it is done. */
  let runs: Readonly<
    Record<'dry' | 'plan' | 'vm' | 'disk' | 'upload' | 'refused' | 'noWait', Finished>
  >;
  let interrupted: Finished & { readonly id: string };

  beforeAll(async () => {
    writePolicy({});
    const dry = await keyturn('convert', ...inGroup, '--vm', 'vm-1', '--dry-run');
    const plan = await keyturn('plan', ...inGroup, '--output', 'markdown');
    expect(sent('POST', /deallocate$/)).toEqual([]);
    const [vm, disk, upload, refused, noWait, stopped] = await Promise.all([
      keyturn('convert', ...inGroup, '--vm', 'vm-1'),
      keyturn('convert', ...inGroup, '--disk', 'disk-1', '--output', 'json'),
      keyturn('convert', ...inGroup, '--disk', 'disk-upload'),
      keyturn('convert', '--ids', `${COMPUTE}/disks/disk-refused`),
      keyturn('convert', '-s', SUBSCRIPTION, '-g', 'rg-two', '--no-wait'),
      interruptedConversion(),
    ]);
    runs = { dry, plan, vm, disk, upload, refused, noWait };
    interrupted = stopped;
  }, 60_000);

  async function interruptedConversion(): Promise<Finished & { id: string }> {
    const running = start('convert', ...inGroup, '--vm', 'vm-2');
    const [, id = ''] = await running.said(/(request-\w+) is under way/);
    running.child.kill('SIGINT');
    return { ...(await running.finished), id };
  }

  test('convert --dry-run says what would be done, and does nothing', () => {
    const { exitCode, out } = runs.dry;

    expect({ exitCode, result: lastLine(out) }).toEqual({
      exitCode: 0,
      result: 'vm-1    would convert 2 disks, switching the VM off',
    });
  });

  test('plan tells verdicts, order, downtime and finish, and does nothing', () => {
    const { exitCode, out } = runs.plan;

    expect(exitCode).toBe(3);
    expect(out).toContain(`# Plan for ${GROUP}`);
    expect(out).toMatch(/^\| \d \| vm-1 \| would convert 2 disks, .* \| \d+-\d+ s \| \d{4}-/m);
    expect(out).toMatch(/^\| +\| disk-upload \| blocked: upload-unfinished \|/m);
    expect(out).toMatch(/^\| disk-upload \| blocked \| \[upload-unfinished\]\(https:.* Finish/m);
    expect(out).toMatch(/^If nothing fails, it ends between \d{4}-.* and \d{4}-/m);
  });

  test('convert --vm converts a VM: results on stdout, progress on stderr', () => {
    const { exitCode, out, err } = runs.vm;

    expect({ exitCode, out }).toEqual({
      exitCode: 0,
      out: 'Target  Result\n------  -----------------\nvm-1    converted 2 disks\n',
    });
    expect(err).toMatch(/^request-\w+ is under way\.\n(\w+: \d of \d\n)+$/);
    expect(sent('POST', /vm-1\/deallocate$/)).toHaveLength(1);
    expect(sent('POST', /vm-1\/start$/)).toHaveLength(1);
  });

  test('convert --disk --output json gives the whole conversion', () => {
    const { exitCode, out } = runs.disk;

    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      kind: 'request',
      status: 'Succeeded',
      target: `${COMPUTE}/disks/disk-1`,
      outcome: { results: [{ outcome: { kind: 'converted' } }] },
    });
  });

  test('convert ends with 3 and says why when a person is needed', () => {
    const { exitCode, out, err } = runs.upload;

    expect({ exitCode, result: lastLine(out) }).toEqual({
      exitCode: 3,
      result: 'disk-upload  blocked: upload-unfinished',
    });
    expect(lastLine(err)).toMatch(/^disk-upload: upload-unfinished: .{20}/);
  });

  test("convert ends with 2 and Azure's code when Azure refuses", () => {
    const { exitCode, out, err } = runs.refused;

    expect({ exitCode, result: lastLine(out) }).toEqual({
      exitCode: 2,
      result: 'disk-refused  failed: OperationNotAllowed',
    });
    expect(err).toMatch(/^disk-refused: OperationNotAllowed: .{20}/m);
  });

  test.for(['convert', 'plan'])('%s of what is not there is a mistake', async (command) => {
    const [group, vm] = await Promise.all([
      keyturn(command, '-s', SUBSCRIPTION, '-g', 'rg-TWO', '--vm', 'vm-nope'),
      keyturn(command, ...inGroup, '--disk', 'disk-nope'),
    ]);

    expect([group.exitCode, group.out, vm.exitCode, vm.out]).toEqual([1, '', 1, '']);
    expect(group.err).toMatch(/^ResourceNotFound: Azure has no .*vm-nope\.$/m);
    expect(vm.err).toMatch(/^ResourceNotFound: Azure has no .*disk-nope\.$/m);
  });

  test('convert --no-wait gives an ID, and status shows how it ends', async () => {
    const { exitCode, out } = runs.noWait;
    const id = out.trim();
    await untilEnded(id);

    const shown = await keyturn('status', id, '-o', 'json');
    expect(exitCode).toBe(0);
    expect(id).toMatch(/^request-\w+$/);
    expect(JSON.parse(shown.out)).toMatchObject({ id, status: 'Succeeded', outcome: {} });
  });

  test('Ctrl-C of convert ends the waiting and not the conversion', async () => {
    const { exitCode, out, err, id } = interrupted;

    expect({ exitCode, out }).toEqual({ exitCode: 0, out: '' });
    expect(lastLine(err)).toBe(`It goes on; see keyturn status ${id}.`);
    await untilEnded(id);
    expect(sent('POST', /vm-2\/start$/)).toHaveLength(1);
  });

  test('a disk that somebody creates is converted because of its event', async () => {
    const create = `
      const { ComputeManagementClient } = await import('@azure/arm-compute');
      const { DefaultAzureCredential } = await import('@azure/identity');
      const client = new ComputeManagementClient(new DefaultAzureCredential(), '${SUBSCRIPTION}');
      await client.disks.createOrUpdate('rg-app', 'disk-new', {
        location: 'westeurope',
        creationData: { createOption: 'Empty' },
        diskSizeGB: 4,
      });
      process.exit();`;
    const args = ['--input-type=module', '--eval', create];
    const { exitCode, err } = await runProgram(args, env);
    expect(exitCode, err).toBe(0);

    await until(async () => /disk-new .*converted 1 disk/.test((await keyturn('status')).out));
  });

  test('status lists what happened, and its exit code is that of the worst', async () => {
    const { exitCode, out, err } = await keyturn('status');

    const [headings, , ...rows] = out.trimEnd().split('\n');
    expect(headings).toMatch(/^Target +Kind +Status +Result +Updated +Id$/);
    expect(rows.some((row) => /^vm-1 +vm +Succeeded +converted 2 disks/.test(row))).toBe(true);
    expect(
      rows.some((row) => /^disk-refused +disk +Failed +failed: OperationNotAllowed/.test(row)),
    ).toBe(true);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^Next sweeps: .*\n$/);
  });

  test('status of one that is blocked ends with 3', async () => {
    const all = JSON.parse((await keyturn('status', '-o', 'json')).out) as ConversionView[];
    const { id = '' } = all.find(({ target }) => target.endsWith('/disk-upload')) ?? {};

    expect((await keyturn('status', id)).exitCode).toBe(3);
  });

  test.for(['request-none', '../../admin/host/status', 'a%2F..', '?x#y'])(
    'there is no conversion %s',
    async (id) => {
      const { exitCode, err, out } = await keyturn('status', id);

      expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
      expect(err).toContain('ConversionNotFound');
    },
  );

  test('a wrong key is refused', async () => {
    const { exitCode, err } = await runKeyturn(['status', '--url', url, '--key', 'wrong']);

    expect(exitCode).toBe(1);
    expect(err).toMatch(/refused the key; give the function key with --key/);
  });

  test('a second serve says that the folder or the port is taken', async () => {
    const { port } = new URL(url);
    const other = join(folder, 'other');
    const policy = ['--policy', policyFile];
    const [sameFolder, samePort] = await Promise.all([
      runKeyturn(['serve', ...policy, '--port', '0', '--state', state], env),
      runKeyturn(['serve', ...policy, '--port', port, '--state', other], env),
    ]);

    expect([sameFolder.exitCode, samePort.exitCode]).toEqual([1, 1]);
    expect(sameFolder.err).toMatch(/state\.sqlite is in use by another host\. Stop that one/);
    expect(samePort.err).toMatch(new RegExp(`Port ${port} cannot be opened: it is in use`));
    expect(sameFolder.err + samePort.err).not.toMatch(/^\s+at /m);
  });

  test('what was recorded are lines of JSON without a token or a key', () => {
    const text = readFileSync(traffic, 'utf8');

    const lines = text.trimEnd().split('\n');
    expect(lines.every((line) => (JSON.parse(line) as { method?: string }).method)).toBe(true);
    expect(text).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
    for (const secret of [...Object.values(keys), env['IDENTITY_HEADER'] ?? '-']) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('when the policy becomes wrong', () => {
  beforeAll(() => writeFileSync(policyFile, 'mode: enforce\nscope: nothing\n'));

  test('nothing is touched, serve stays up and its log says why', async () => {
    const before = sent('PATCH', /./).length;
    const { exitCode, out } = await keyturn('convert', ...inGroup, '--disk', 'disk-1');

    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(sent('PATCH', /./)).toHaveLength(before);
    expect(appLog.join('\n')).toContain('policy.yaml:2');
    expect((await keyturn('status')).exitCode).toBe(2);
  });

  test('and when it is right again, it works again', async () => {
    writePolicy({ mode: 'report' });
    const { exitCode, err } = await keyturn('convert', ...inGroup, '--disk', 'disk-refused');

    expect(exitCode, err).toBe(0);
    expect(err).toMatch(/^The policy's mode is report: nothing is converted/m);
  });
});

describe('when it shall end', () => {
  test('serve ends at once and cleanly', async () => {
    const startedMs = Date.now();
    app.child.kill('SIGTERM');
    const { exitCode, err } = await app.finished;

    expect(exitCode).toBe(0);
    expect(Date.now() - startedMs).toBeLessThan(8_000);
    expect(err).not.toMatch(/^\s+at /m);
    expect(await isOpen(url)).toBe(false);
  });

  test('simulate ends at once and leaves neither files nor ports', async () => {
    const certificate = env['NODE_EXTRA_CA_CERTS'] ?? '';
    expect(existsSync(certificate)).toBe(true);
    expect(readdirSync(temporary)).toHaveLength(1);

    azure.child.kill('SIGINT');
    const { exitCode, err } = await azure.finished;

    expect({ exitCode, err }).toEqual({ exitCode: 0, err: `${url} is up: events go there.\n` });
    expect(existsSync(dirname(certificate))).toBe(false);
    expect(existsSync(envFile)).toBe(false);
    expect(readdirSync(temporary)).toEqual([]);
    expect(await isOpen(env['HTTPS_PROXY'] ?? '')).toBe(false);
    expect(await isOpen(env['IDENTITY_ENDPOINT'] ?? '')).toBe(false);
  });
});

const inGroup = ['--subscription', SUBSCRIPTION, '--resource-group', 'rg-app'];

function makeTemporary(): string {
  mkdirSync(temporary);
  return temporary;
}

function writePolicy(differences: object): void {
  const { scope, ...rest } = {
    mode: 'enforce',
    mayDeallocate: true,
    settleMinutes: 0,
    scope: [{ subscription: SUBSCRIPTION, resourceGroups: ['rg-app', 'rg-two'] }],
    encryptionSets: {
      westeurope: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-keys/providers/Microsoft.Compute/diskEncryptionSets/des`,
    },
    ...differences,
  };
  writeFileSync(policyFile, JSON.stringify({ ...rest, scope }));
}

/** Runs a command against the app; its state folder has the key. */
function keyturn(command: string, ...args: readonly string[]): Promise<Finished> {
  return runKeyturn([command, ...args, '--url', url, '--state', state]);
}

function start(command: string, ...args: readonly string[]): Running {
  return spawnKeyturn([command, ...args, '--url', url, '--state', state]);
}

/** What was asked of the simulated Azure so far. */
function sent(method: string, path: RegExp): readonly string[] {
  return readFileSync(traffic, 'utf8')
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { method: string; url: string })
    .filter((exchange) => exchange.method === method && path.test(new URL(exchange.url).pathname))
    .map((exchange) => exchange.url);
}

function untilEnded(id: string): Promise<void> {
  return until(async () => !(await keyturn('status', id)).out.includes('Running'));
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + 20_000;
  while (!(await holds())) if (Date.now() > deadlineMs) throw new Error('It did not happen.');
}

async function aFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function isOpen(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address);
  const socket = createConnection({ host: hostname, port: Number(port) });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
