import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { connectApp, outputFormat } from '../../../src/cli/app/app-options.ts';
import { convertTarget } from '../../../src/cli/app/convert-target.ts';
import { positive } from '../../../src/cli/commands/simulate.ts';
import { readSweep } from '../../../src/cli/serving/first-look.ts';
import { openStateFolder } from '../../../src/cli/serving/state-folder.ts';
import { systemReason } from '../../../src/cli/system-error.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';
import { diskId, SUBSCRIPTION, vmId } from '../../support/builders.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const URL_HERE = 'http://127.0.0.1:7071';

function aTerminal(environment: Terminal['environment'] = {}): Terminal {
  const { signal: interrupted } = new AbortController();
  return { out: process.stdout, err: process.stderr, environment, interrupted };
}

test.for(['table', 'json'])('--output takes %s', (text) => {
  expect(outputFormat(text)).toBe(text);
});

test.for(['', 'xml', 'JSON', 'tsv'])('--output refuses %j', (text) => {
  expect(() => outputFormat(text)).toThrow(UsageError);
});

test.for<[text: string, value: number]>([
  ['1', 1],
  ['0.5', 0.5],
  ['1e3', 1000],
])('--speed takes %s', ([text, value]) => {
  expect(positive('--speed', text)).toBe(value);
});

test.for(['', '0', '-1', 'fast', 'NaN', 'Infinity', '1x'])('--speed refuses %j', (text) => {
  expect(() => positive('--speed', text)).toThrow(/^--speed is ".*"; it must be a number/);
});

test.for(['', 'here', 'localhost:7071', 'ftp://a', 'file:///etc/passwd'])(
  '--url refuses %j',
  (url) => {
    expect(() => connectApp({ url, key: 'k', state: folder }, aTerminal())).toThrow(/--url is /);
  },
);

test('a key comes from --key, KEYTURN_KEY or the state folder, and is missed otherwise', () => {
  const state = join(folder, 'state');
  const options = { url: URL_HERE, state };

  expect(() => connectApp(options, aTerminal())).toThrow(/no function key: .*--key.*KEYTURN_KEY/);
  expect(connectApp({ ...options, key: 'k' }, aTerminal())).toBeDefined();
  expect(connectApp(options, aTerminal({ KEYTURN_KEY: 'k' }))).toBeDefined();
  openStateFolder(state);
  expect(connectApp(options, aTerminal())).toBeDefined();
});

const GROUP = 'rg-erp';
test.for<[options: Parameters<typeof convertTarget>[0], id: string]>([
  [{ subscription: SUBSCRIPTION }, `/subscriptions/${SUBSCRIPTION}`],
  [
    { subscription: SUBSCRIPTION, 'resource-group': GROUP },
    `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}`,
  ],
  [{ subscription: SUBSCRIPTION, 'resource-group': GROUP, vm: 'vm-1' }, vmId('vm-1')],
  [{ subscription: SUBSCRIPTION, 'resource-group': GROUP, disk: 'd' }, diskId('d')],
  [{ ids: vmId('vm-1') }, vmId('vm-1')],
])('%j is an ARM ID', ([options, id]) => {
  expect(convertTarget(options)).toBe(id);
});

test.for<[message: RegExp, options: Parameters<typeof convertTarget>[0]]>([
  [/Say what to convert/, {}],
  [/Say what to convert/, { 'resource-group': GROUP }],
  [/--subscription is empty/, { subscription: '' }],
  [/--ids is empty/, { ids: '' }],
  [/--vm is empty/, { subscription: SUBSCRIPTION, 'resource-group': GROUP, vm: '' }],
  [/need --resource-group/, { subscription: SUBSCRIPTION, vm: 'vm-1' }],
  [/need --resource-group/, { subscription: SUBSCRIPTION, disk: 'd' }],
  [/not both/, { subscription: SUBSCRIPTION, 'resource-group': GROUP, vm: 'v', disk: 'd' }],
  [/--ids alone/, { ids: vmId('vm-1'), vm: 'vm-1' }],
  [/--ids alone/, { ids: vmId('vm-1'), subscription: SUBSCRIPTION }],
  [/is no subscription, resource group, VM or disk/, { subscription: 'production' }],
  [/is no subscription/, { ids: 'vm-1' }],
  [/is no subscription/, { ids: `${vmId('vm-1')}/extensions/ade` }],
  [/is no subscription/, { subscription: SUBSCRIPTION, 'resource-group': GROUP, vm: '../x' }],
  [/is no subscription/, { subscription: SUBSCRIPTION, 'resource-group': 'a/b' }],
])('says %s', ([message, options]) => {
  expect(() => convertTarget(options)).toThrow(UsageError);
  expect(() => convertTarget(options)).toThrow(message);
});

const SINCE_MS = Date.parse('2026-11-22T12:00:00.500Z');
const event = (EventType: string, Reason?: string, Timestamp = '2026-11-22T12:00:01Z') => ({
  EventType,
  Timestamp,
  ...(Reason === undefined ? {} : { Reason }),
});

test.for<[what: string, status: Parameters<typeof readSweep>[0], kind: string | null]>([
  ['nothing has ended', { runtimeStatus: 'Running', historyEvents: [] }, null],
  [
    'the identity library has no token',
    {
      runtimeStatus: 'Running',
      historyEvents: [
        event('TaskFailed', "Activity function 'a' failed: ChainedTokenCredential failed.\nmore"),
      ],
    },
    'not-signed-in',
  ],
  [
    'the app could not sign in',
    { historyEvents: [event('TaskFailed', 'search Resource Graph failed: 0 SignInFailed')] },
    'not-signed-in',
  ],
  [
    'the network is away',
    { historyEvents: [event('TaskFailed', 'search failed: 0 ENOTFOUND')] },
    'failed',
  ],
  [
    'it failed before this start',
    {
      runtimeStatus: 'Running',
      historyEvents: [event('TaskFailed', 'CredentialUnavailableError', '2026-11-22T11:00:00Z')],
    },
    null,
  ],
  [
    'it swept',
    {
      runtimeStatus: 'Completed',
      lastUpdatedTime: '2026-11-22T12:00:00Z',
      output: { kind: 'swept' },
    },
    'ok',
  ],
  [
    'Azure refused the search',
    {
      runtimeStatus: 'Completed',
      lastUpdatedTime: '2026-11-22T12:00:02Z',
      output: { kind: 'unreadable', code: 'AuthorizationFailed' },
    },
    'refused',
  ],
  [
    'it swept long ago',
    {
      runtimeStatus: 'Completed',
      lastUpdatedTime: '2026-11-22T11:00:00Z',
      output: { kind: 'swept' },
    },
    null,
  ],
])('the first look, when %s', ([, status, kind]) => {
  expect(readSweep(status, SINCE_MS)?.kind ?? null).toBe(kind);
});

test('an error of the system is told in words, a bug is not', () => {
  const error = (code: string) => Object.assign(new Error('x'), { code });

  expect(systemReason(error('EACCES'))).toBe('this user may not do that');
  expect(systemReason(error('EMFILE'))).toBe('EMFILE');
  expect(systemReason(error('ERR_INVALID_ARG_TYPE'))).toBeNull();
  expect(systemReason(new TypeError('x'))).toBeNull();
});
