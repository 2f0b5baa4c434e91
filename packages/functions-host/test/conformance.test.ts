import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { differences } from './differences.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const RECORDED = join(FIXTURES, 'recorded');
const folder = mkdtempSync(join(tmpdir(), 'keyturn-conformance-'));
const children: ChildProcess[] = [];

type Line = Record<string, unknown>;
let normalise: (name: string, lines: Line[]) => Line[];

const KEYS = {
  master: 'master-key-master-key-master-key',
  function: 'function-key-function-key-functi',
  eventGrid: 'eventgrid-key-eventgrid-key-even',
  durableTask: 'durabletask-key-durabletask-key-',
};

/** The same keys in the file of the genuine host that drive.mjs reads. */
const SECRETS = {
  masterKey: { value: KEYS.master },
  functionKeys: [{ value: KEYS.function }],
  systemKeys: [
    { name: 'durabletask_extension', value: KEYS.durableTask },
    { name: 'eventgrid_extension', value: KEYS.eventGrid },
  ],
};

async function aFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function run(script: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(FIXTURES, script), ...args], {
    env: { PATH: '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

async function serve(name: string, proxyPort: number, env: Record<string, string>, keys?: string) {
  const record = join(folder, `${name}.record`);
  const host = run('serve.mjs', [join(folder, `${name}.db`), '0', ...(keys ? [keys] : [])], {
    RECORD_FILE: record,
    RPC_PROXY: `http://127.0.0.1:${proxyPort}/durabletask/`,
    ...env,
  });
  const base = await new Promise<string>((resolve, reject) => {
    host.stdout.once('data', (text) => resolve(String(text).trim()));
    host.once('exit', (code) => reject(new Error(`The host ended with ${code}.`)));
  });
  return { base, record };
}

async function drive(args: readonly string[]): Promise<void> {
  const child = run('drive.mjs', args);
  child.stdout.resume();
  await new Promise((resolve) => child.once('exit', resolve));
}

async function record(name: string, only: string, env: Record<string, string> = {}) {
  const proxyPort = await aFreePort();
  const { base, record: recordFile } = await serve(name, proxyPort, env);
  const out = join(folder, name);
  const args = ['--base', base, '--record', recordFile, '--out', out, '--parallel', 'yes'];
  await drive([...args, '--pace', '0.1', '--proxyPort', String(proxyPort), '--only', only]);
}

async function recordAuth(): Promise<void> {
  const keysFile = join(folder, 'keys.json');
  const secretsFile = join(folder, 'secrets.json');
  writeFileSync(keysFile, JSON.stringify(KEYS));
  writeFileSync(secretsFile, JSON.stringify(SECRETS));
  const { base } = await serve('auth', await aFreePort(), {}, keysFile);
  await drive(['--base', base, '--out', join(folder, 'auth'), '--keys', secretsFile]);
}

function read(directory: string, name: string): Line[] {
  const text = readFileSync(join(directory, `${name}.jsonl`), 'utf8').trim();
  return text.split('\n').map((line) => JSON.parse(line) as Line);
}

function compare(name: string, expected: Line[], actual: Line[]): string[] {
  const found: string[] = [];
  const [a, b] = [normalise(name, expected), normalise(name, actual)];
  if (a.length !== b.length) found.push(`${name} has ${b.length} lines for ${a.length}`);
  for (const [at, line] of a.entries()) {
    const label = name === 'management' ? `${line['group']}:${line['step']}` : line['instanceId'];
    compareValues(line, b[at], `${name} ${label ?? ''}`, found);
  }
  return found.filter((path) => !differences.some(({ where }) => where.test(pathOf(path))));
}

const pathOf = (difference: string): string => difference.split(' | ')[0] ?? '';

function compareValues(a: unknown, b: unknown, path: string, found: string[]): void {
  if (a && b && typeof a === 'object' && typeof b === 'object') {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      compareValues((a as Line)[key], (b as Line)[key], `${path}/${key}`, found);
    }
  } else if (a !== b) {
    found.push(`${path} | ${JSON.stringify(a)} <> ${JSON.stringify(b)}`);
  }
}

beforeAll(async () => {
  ({ normalise } = (await import(join(FIXTURES, 'normalise.mjs'))) as {
    normalise: typeof normalise;
  });
  await Promise.all([
    record('scenarios', 'scenario'),
    record('management', 'management'),
    record('suspendBusy', 'suspendBusy', { MAX_ACTIVITIES: '1' }),
    recordAuth(),
  ]);
}, 120_000);

afterAll(() => {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true });
});

/** Recordings that come of another run than the scenarios do. */
const OTHER_SOURCE: Readonly<Record<string, string>> = {
  // Needs a host with a single slot for activities, or the instance is done before it is suspended.
  suspendBusy: 'suspendBusy',
  triggers: 'management',
};

const scenarios = readdirSync(RECORDED)
  .map((file) => file.replace('.jsonl', ''))
  .filter((name) => name !== 'management');

test.for(scenarios)('does as the genuine host did: %s', (name) => {
  const from = OTHER_SOURCE[name] ?? 'scenarios';

  expect(compare(name, read(RECORDED, name), read(join(folder, from), name))).toEqual([]);
});

const groups = [...new Set(read(RECORDED, 'management').map(({ group }) => String(group)))];

test.for(groups)('answers as the genuine host did: %s', (group) => {
  const of = (lines: Line[]) => lines.filter((line) => line['group'] === group);
  const from = group === 'auth' ? 'auth' : 'management';

  const expected = of(read(RECORDED, 'management'));
  const actual = of(read(join(folder, from), 'management'));

  expect(compare('management', expected, actual)).toEqual([]);
});
