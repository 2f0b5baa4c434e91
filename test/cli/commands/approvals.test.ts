import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { createSimulator } from '@keyturn/azure-simulator/simulator';
import { type Host, startHost } from '@keyturn/functions-host/host';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CLOUDS } from '../../../src/azure/clouds.ts';
import { connectAzure } from '../../../src/azure/connect.ts';
import { approvals } from '../../../src/cli/commands/approvals.ts';
import { approve } from '../../../src/cli/commands/approve.ts';
import { convert } from '../../../src/cli/commands/convert.ts';
import { status } from '../../../src/cli/commands/status.ts';
import { resume, stop } from '../../../src/cli/commands/stop.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import { register } from '../../../src/functions/register.ts';
import { identifier } from '../../../src/people/identify.ts';
import { connectStore } from '../../../src/store/connect-store.ts';
import { sqliteTable } from '../../../src/store/sqlite-table.ts';
import type { Store } from '../../../src/store/store.ts';
import { vmId } from '../../support/builders.ts';
import { CLIENT_ID, enforcingPolicy } from '../../support/simulated-app.ts';

type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;

const KEYS = { master: 'the master key', function: 'f', eventGrid: 'e', durableTask: 'd' };
const WITH_FUNCTION_KEY = ['--key', KEYS.function];
const credential = {
  getToken: async () => ({ token: 'static', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
};
const simulator = createSimulator({ speed: 1_000 });
const { httpClient, tenantId } = simulator;
const token = (role: string): string =>
  simulator.personToken({ name: 'anna@contoso.example', audience: CLIENT_ID, roles: [role] });
const BY_TOKEN = [...WITH_FUNCTION_KEY, '--token-from-env', 'TOKEN'];

let host: Host;
let store: Store;

beforeAll(async () => {
  store = connectStore(sqliteTable(':memory:'));
  const policy = enforcingPolicy(simulator);
  const cloud = CLOUDS.AzureCloud;
  const identify = identifier(
    {
      registration: { tenantId, clientId: CLIENT_ID },
      platform: false,
      local: { keyDigest: createHash('sha256').update(KEYS.master).digest('hex'), user: 'eve' },
    },
    { cloud, httpClient },
  );
  const azure = connectAzure({ credential, cloud, httpClient });
  const services = { azure, policy: async () => policy, store };
  host = await startHost({
    load: () => register({ services, identify, sweepSchedule: '0 0 3 * * *', policySchema: {} }),
    stateFile: ':memory:',
    port: 0,
    keys: KEYS,
  });
});

afterAll(async () => {
  await host.stop();
  simulator.close();
});

beforeEach(async () => {
  for (const { scope } of await store.stops.read()) await store.stops.clear(scope);
});

async function keyturn(
  command: Command,
  args: readonly string[],
  environment: Terminal['environment'] = { TOKEN: token('keyturn.approve') },
) {
  const said = { out: '', err: '' };
  const stream = (name: keyof typeof said) =>
    new Writable({
      write: (chunk, _, done) => {
        said[name] += String(chunk);
        done();
      },
    });
  const { signal: interrupted } = new AbortController();
  const terminal = { out: stream('out'), err: stream('err'), environment, interrupted };
  const exitCode = await command(['--url', host.url, ...args], terminal);
  return { exitCode, ...said };
}

/** Somebody asked for the conversion of a VM, in the order of their numbers. */
async function request(number: number) {
  const requestedAtMs = Date.now() + number;
  return store.approvals.request({
    vmId: vmId(`vm-${number}`),
    planDigest: `plan-${number}`,
    requestedBy: { kind: 'sweep', person: null, requestId: null },
    requestedAtMs,
    deadlineMs: requestedAtMs + 3_600_000,
  });
}

test('shows what waits, and carries a word about it with a token', async () => {
  expect(await keyturn(approvals, WITH_FUNCTION_KEY)).toEqual({
    exitCode: 0,
    out: '',
    err: 'Nothing waits for an approval.\n',
  });
  const [first, second] = [await request(1), await request(2)];

  const { out } = await keyturn(approvals, WITH_FUNCTION_KEY);
  const [headings = '', , ...rows] = out.trimEnd().split('\n');
  expect(headings.split(/ {2,}/)).toEqual(['Target', 'Asked for by', 'Asked at', 'Until', 'Id']);
  expect(
    rows.map((row) => row.split(/ {2,}/).filter((_, column) => column !== 2 && column !== 3)),
  ).toEqual([
    ['vm-1', 'sweep', first.id],
    ['vm-2', 'sweep', second.id],
  ]);

  const yes = await keyturn(approve, [first.id, '--reason', 'idle', ...BY_TOKEN]);
  expect(yes).toEqual({
    exitCode: 0,
    out: '',
    err: `Approved, by anna@contoso.example: ${vmId('vm-1')}\n`,
  });
  const no = await keyturn(approve, [second.id, '--reject', '-o', 'json', ...BY_TOKEN]);
  expect(JSON.parse(no.out)).toMatchObject({ status: 'Rejected', reason: null });
  expect(await store.approvals.read(vmId('vm-1'))).toMatchObject({
    decision: { kind: 'approved', by: { name: 'anna@contoso.example' }, reason: 'idle' },
  });
});

test('lists more than one page of them', async () => {
  for (let number = 10; number < 520; number += 1) await request(number);

  const { out } = await keyturn(approvals, ['-o', 'json', ...WITH_FUNCTION_KEY]);

  expect(JSON.parse(out)).toHaveLength(510);
});

test('is about the plan that was seen', async () => {
  const { id } = await request(3);

  await expect(keyturn(approve, [id, '--plan', 'plan-2', ...BY_TOKEN])).rejects.toThrow(
    /^ApprovalPlanChanged: /,
  );
});

test.for<[what: string, problem: RegExp, args: () => Promise<readonly string[]>]>([
  ['no ID', /Give one ID/, async () => BY_TOKEN],
  ['two IDs', /Give one ID/, async () => ['a', 'b', ...BY_TOKEN]],
  ['an unknown ID', /see keyturn approvals/, async () => ['0'.repeat(32), ...BY_TOKEN]],
  [
    'a function key',
    /^PersonRequired: /,
    async () => [(await request(4)).id, ...WITH_FUNCTION_KEY],
  ],
  [
    'an empty variable',
    /NONE, which --token-from-env names, is not set/,
    async () => [...['x', ...WITH_FUNCTION_KEY, '--token-from-env', 'NONE']],
  ],
])('approve refuses %s', async ([, problem, args]) => {
  await expect(keyturn(approve, await args())).rejects.toThrow(problem);
});

test('a token goes over https only', async () => {
  const args = ['--url', 'http://keyturn.example', '--token-from-env', 'TOKEN', '--key', 'f'];

  await expect(keyturn(approve, ['x', ...args])).rejects.toThrow(/over https only/);
});

test('stops with a function key, and resumes with a token', async () => {
  const stopped = await keyturn(stop, ['--reason', 'change freeze', ...WITH_FUNCTION_KEY]);
  const [headings = '', , row = ''] = stopped.out.split('\n');
  expect(headings.split(/ {2,}/)).toEqual(['Stopped', 'By', 'Since', 'Reason']);
  expect(row.split(/ {2,}/)).toEqual([
    ...['everything', 'a function key', expect.any(String), 'change freeze'],
  ]);

  await expect(keyturn(resume, WITH_FUNCTION_KEY)).rejects.toThrow(/^PersonRequired: /);
  expect(await keyturn(resume, BY_TOKEN)).toEqual({
    exitCode: 0,
    out: '',
    err: 'Nothing is stopped any more.\n',
  });
});

test('shows what is stopped: in a list, and before all that status shows', async () => {
  const list = ['--list', ...WITH_FUNCTION_KEY];
  expect(await keyturn(stop, list)).toEqual({ exitCode: 0, out: '', err: 'Nothing is stopped.\n' });
  expect((await keyturn(status, WITH_FUNCTION_KEY)).err).not.toContain('STOPPED');
  await keyturn(stop, ['--reason', 'change freeze', ...WITH_FUNCTION_KEY]);

  expect((await keyturn(stop, list)).out).toMatch(/^everything +a function key .*change freeze$/m);
  expect((await keyturn(status, WITH_FUNCTION_KEY)).err).toMatch(
    /^STOPPED: everything, by a function key since \S+: change freeze\./,
  );
  await expect(keyturn(stop, [...list, '--reason', 'x'])).rejects.toThrow(/Give --list alone/);
});

test('a mistyped group is said to who typed it, and is no failure for status', async () => {
  const target = `/subscriptions/${simulator.subscriptionId}/resourceGroups/rg-nope`;

  await expect(keyturn(convert, ['--ids', target, '--key', KEYS.master])).rejects.toThrow(
    "ResourceGroupNotFound: Resource group 'rg-nope' could not be found.",
  );
  const { exitCode, out } = await keyturn(status, WITH_FUNCTION_KEY);
  expect([exitCode, out]).toEqual([
    0,
    expect.stringMatching(/^rg-nope +request +Failed +not-found/m),
  ]);
});

test('a set that is none is no set', async () => {
  for (const [command, more] of [
    [stop, ['--reason', 'x']],
    [resume, []],
  ] as const) {
    await expect(keyturn(command, ['--set', 'nonsense', ...more, ...BY_TOKEN])).rejects.toThrow(
      /^--set is "nonsense"; it must be the ARM ID of a disk encryption set\.$/,
    );
  }
});

test('stops one set', async () => {
  const set = `/subscriptions/${simulator.subscriptionId}/resourceGroups/rg/providers/Microsoft.Compute/diskEncryptionSets/des`;
  await keyturn(stop, ['--set', set, '--reason', 'key lost', ...BY_TOKEN]);

  expect(await store.stops.read()).toMatchObject([{ scope: set, by: 'anna@contoso.example' }]);
  await expect(keyturn(resume, BY_TOKEN)).rejects.toThrow(/^StopNotFound: /);
  await expect(keyturn(stop, WITH_FUNCTION_KEY)).rejects.toThrow(/Give a --reason/);
});

test('stops a size in a zone, and says how that is taken away', async () => {
  const size = ['--size', 'Standard_E8s_v5', '-l', 'westeurope', '--zone', '2'];
  await keyturn(stop, [...size, '--reason', 'no room', ...BY_TOKEN]);

  const words = 'VMs of size Standard_E8s_v5 in zone 2 of westeurope';
  expect((await keyturn(stop, ['--list', ...WITH_FUNCTION_KEY])).out).toContain(words);
  const { err } = await keyturn(status, WITH_FUNCTION_KEY);
  const options = '--size Standard_E8s_v5 --location westeurope --zone 2';
  expect(err).toMatch(
    new RegExp(
      `^STOPPED: ${words}, by .*: no room. keyturn resume ${options} takes it away.$`,
      'm',
    ),
  );
  await keyturn(resume, [...size, ...BY_TOKEN]);
  expect((await store.stops.read()).map(({ scope }) => scope)).not.toContain(
    'size/Standard_E8s_v5/westeurope/2',
  );
});

test('converts with a token, and only dry-runs with a function key', async () => {
  const args = ['--ids', `/subscriptions/${simulator.subscriptionId}`, '--no-wait'];

  await expect(keyturn(convert, [...args, ...WITH_FUNCTION_KEY])).rejects.toThrow(
    /^PersonRequired: A function key alone reads, dry-runs and stops/,
  );
  const missing = { TOKEN: token('Reader') };
  await expect(keyturn(convert, [...args, ...BY_TOKEN], missing)).rejects.toThrow(/^RoleMissing: /);
  for (const allowed of [['--dry-run', ...WITH_FUNCTION_KEY], BY_TOKEN, ['--key', KEYS.master]]) {
    expect(await keyturn(convert, [...args, ...allowed])).toMatchObject({ exitCode: 0 });
  }
});
