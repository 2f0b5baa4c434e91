import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';

const GUID = '8a1b6c3e-2f4d-4e5a-9b7c-6d0e1f2a3b4c';
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyturn-config-'));
  file = join(folder, 'policy.yaml');
  writePolicy('mode: report\n');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

let writes = 0;

/** Writes the policy file, each time with another time of change. */
function writePolicy(text: string): void {
  writeFileSync(file, text);
  writes += 1;
  utimesSync(file, writes, writes);
}

function readWith(settings: NodeJS.ProcessEnv): ReturnType<typeof readConfig> {
  return readConfig({
    ...{ KEYTURN_POLICY_FILE: file, KEYTURN_JOURNAL: 'journal.sqlite' },
    ...settings,
  });
}

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the settings', () => {
  test('have defaults, but for the policy file and the journal', () => {
    const config = readWith({});

    expect(config).toMatchObject({ cloud: 'AzureCloud' });
    expect(config.sweepSchedule.expression).toBe('0 */10 * * * *');
    expect(config.policy()).toMatchObject({ mode: 'report', scope: [] });
  });

  test.for<[cloud: string]>([['AzureCloud'], ['AzureUSGovernment'], ['AzureChinaCloud']])(
    'may name the cloud %s',
    ([cloud]) => {
      expect(readWith({ KEYTURN_CLOUD: cloud }).cloud).toBe(cloud);
    },
  );

  test.for<[schedule: string, expression: string]>([
    ['0 0 3 * * *', '0 0 3 * * *'],
    ['*/15 * * * *', '0 */15 * * * *'],
    ['0 30 9-17 * Jan Mon-Fri', '0 30 9-17 * Jan Mon-Fri'],
    ['0 5/20 * * * Sunday', '0 5/20 * * * Sunday'],
  ])('may name the schedule %s', ([schedule, expression]) => {
    const { sweepSchedule } = readWith({ KEYTURN_SWEEP_SCHEDULE: schedule });

    expect(sweepSchedule.expression).toBe(expression);
  });

  test("reckon the sweep's times by the clocks that the host was told", () => {
    const settings = { KEYTURN_SWEEP_SCHEDULE: '0 3 * * *', WEBSITE_TIME_ZONE: 'Asia/Tokyo' };
    const { sweepSchedule } = readWith(settings);

    expect(sweepSchedule.next(Date.UTC(2027, 0, 1), 1)).toEqual([Date.UTC(2027, 0, 1, 18)]);
  });

  const journals: readonly [text: string, cloud: string, kind: string, where: string][] = [
    ['journal.sqlite', 'AzureCloud', 'file', 'journal.sqlite'],
    ['/var/keyturn/journal', 'AzureCloud', 'file', '/var/keyturn/journal'],
    ['C:\\keyturn\\journal', 'AzureCloud', 'file', 'C:\\keyturn\\journal'],
    [
      'https://audit.table.core.windows.net/',
      ...(['AzureCloud', 'azure', 'https://audit.table.core.windows.net'] as const),
    ],
    [
      'HTTPS://audit.z01.table.storage.azure.net',
      ...(['AzureCloud', 'azure', 'https://audit.z01.table.storage.azure.net'] as const),
    ],
    [
      'https://audit.table.core.usgovcloudapi.net',
      ...(['AzureUSGovernment', 'azure', 'https://audit.table.core.usgovcloudapi.net'] as const),
    ],
    [
      'https://audit.table.core.chinacloudapi.cn',
      ...(['AzureChinaCloud', 'azure', 'https://audit.table.core.chinacloudapi.cn'] as const),
    ],
  ];
  test.for(journals)('may name the journal %s in %s', ([text, cloud, kind, where]) => {
    const { journal } = readWith({ KEYTURN_CLOUD: cloud, KEYTURN_JOURNAL: text });

    expect(journal).toEqual(kind === 'file' ? { kind, path: where } : { kind, url: where });
  });

  test('know nobody by default', () => {
    expect(readWith({}).signIn).toEqual({ registration: null, platform: false, local: null });
  });

  test('may name an app registration, whose IDs are compared as tokens write them', () => {
    const settings = { KEYTURN_TENANT_ID: GUID.toUpperCase(), KEYTURN_API_CLIENT_ID: GUID };

    expect(readWith(settings).signIn.registration).toEqual({ tenantId: GUID, clientId: GUID });
  });

  test.for<[text: string | undefined, platform: boolean]>([
    ['True', true],
    ['true', true],
    ['False', false],
    ['1', false],
    ['', false],
    [undefined, false],
  ])('take WEBSITE_AUTH_ENABLED=%s for %s', ([text, platform]) => {
    expect(readWith({ WEBSITE_AUTH_ENABLED: text }).signIn.platform).toBe(platform);
  });

  test.for<[text: string, user: string | null]>([
    [`${'a'.repeat(64)} eve`, 'eve'],
    [`${'a'.repeat(64)} Eve of Contoso`, 'Eve of Contoso'],
    [`${'a'.repeat(63)} eve`, null],
    ['a'.repeat(64), null],
    ['', null],
  ])('take KEYTURN_LOCAL_PERSON=%j for %j', ([text, user]) => {
    expect(readWith({ KEYTURN_LOCAL_PERSON: text }).signIn.local?.user ?? null).toBe(user);
  });

  test('cannot be changed afterwards', () => {
    expect(Object.isFrozen(readWith({}))).toBe(true);
  });
});

describe('is refused', () => {
  test.for<[what: string, settings: NodeJS.ProcessEnv, problem: RegExp]>([
    ['no policy file', { KEYTURN_POLICY_FILE: undefined }, /^KEYTURN_POLICY_FILE is not set/],
    ['an empty policy file name', { KEYTURN_POLICY_FILE: '' }, /^KEYTURN_POLICY_FILE is not set/],
    ['another cloud', { KEYTURN_CLOUD: 'AzureMoon' }, /^KEYTURN_CLOUD is "AzureMoon".*AzureCloud/],
    ['a cloud in another case', { KEYTURN_CLOUD: 'azurecloud' }, /^KEYTURN_CLOUD is "azurecloud"/],
    ['a member of every object', { KEYTURN_CLOUD: 'constructor' }, /^KEYTURN_CLOUD is/],
    ['words for a schedule', { KEYTURN_SWEEP_SCHEDULE: 'every day' }, /^KEYTURN_SWEEP_SCHEDULE is/],
    [
      'a day that never comes',
      { KEYTURN_SWEEP_SCHEDULE: '0 0 0 31 2 *' },
      /no such day ever comes/,
    ],
    ['nor the 30th', { KEYTURN_SWEEP_SCHEDULE: '0 0 0 30 2 *' }, /must fire at some time/],
    ['a last day', { KEYTURN_SWEEP_SCHEDULE: '0 0 0 L * *' }, /NCRONTAB expression/],
    ['too long a schedule', { KEYTURN_SWEEP_SCHEDULE: '* * * * * * *' }, /NCRONTAB expression/],
    ['no journal', { KEYTURN_JOURNAL: undefined }, /^KEYTURN_JOURNAL is not set; .*ACCOUNT.table/],
    ['an empty journal', { KEYTURN_JOURNAL: '' }, /^KEYTURN_JOURNAL is not set/],
    ...[
      'http://audit.table.core.windows.net',
      'https://audit.blob.core.windows.net',
      'https://audit.table.core.windows.net.evil.example',
      'https://user@audit.table.core.windows.net',
      'https://audit.table.core.windows.net/keyturn',
      'https://audit.table.core.windows.net/?sv=2024&sig=x',
      'https://audit.table.core.usgovcloudapi.net',
      'https://',
      'sqlite://journal',
    ].map((url): [string, NodeJS.ProcessEnv, RegExp] => [
      `the journal ${url}`,
      { KEYTURN_JOURNAL: url },
      /^KEYTURN_JOURNAL is "[^"]+"; it must be https:/,
    ]),
    ['half an app registration', { KEYTURN_TENANT_ID: GUID }, /must be set both, or neither/],
    ['the other half', { KEYTURN_API_CLIENT_ID: GUID }, /must be set both, or neither/],
    [
      'a directory by its name',
      { KEYTURN_TENANT_ID: 'contoso.example', KEYTURN_API_CLIENT_ID: GUID },
      /^KEYTURN_TENANT_ID is "contoso.example"; it must be a GUID/,
    ],
    [
      'every directory',
      { KEYTURN_TENANT_ID: 'common', KEYTURN_API_CLIENT_ID: GUID },
      /^KEYTURN_TENANT_ID is "common"/,
    ],
    [
      'an app by its URI',
      { KEYTURN_TENANT_ID: GUID, KEYTURN_API_CLIENT_ID: `api://${GUID}` },
      /^KEYTURN_API_CLIENT_ID is "api:/,
    ],
    ['an empty schedule', { KEYTURN_SWEEP_SCHEDULE: '' }, /^KEYTURN_SWEEP_SCHEDULE is ""/],
  ])('%s', ([, settings, problem]) => {
    expect(problemsOf(() => readWith(settings))).toEqual([expect.stringMatching(problem)]);
  });

  test('a policy file that is not there', () => {
    const missing = join(folder, 'none.yaml');

    expect(problemsOf(() => readWith({ KEYTURN_POLICY_FILE: missing }))).toEqual([
      `The policy file ${missing} cannot be read: ENOENT.`,
    ]);
  });

  test('a policy file that is a folder', () => {
    expect(problemsOf(() => readWith({ KEYTURN_POLICY_FILE: folder }))).toEqual([
      `The policy file ${folder} cannot be read: EISDIR.`,
    ]);
  });

  test('a policy file with mistakes, each with its line', () => {
    writePolicy('mode: enforced\n\ncolour: red\n');

    expect(problemsOf(() => readWith({}))).toEqual([
      `${file}:1: mode must be one of report, enforce`,
      `${file}:3: colour is not a setting of the policy`,
    ]);
  });

  test('a policy file that is no YAML, without a gap where the setting would stand', () => {
    writePolicy('mode: report\nscope: *nothing\n');

    expect(problemsOf(() => readWith({}))).toEqual([
      expect.stringContaining(`${file}:2: Unresolved alias`),
    ]);
  });

  test('everything that is wrong at once', () => {
    writePolicy('mode: enforced\ncolour: red\n');
    const settings = { KEYTURN_CLOUD: 'AzureMoon', KEYTURN_SWEEP_SCHEDULE: 'daily' };

    expect(problemsOf(() => readWith(settings))).toHaveLength(4);
    expect(problemsOf(() => readConfig(settings))).toHaveLength(4);
    expect(() => readWith(settings)).toThrow(/cannot start:\n {2}- KEYTURN_CLOUD/);
  });
});

describe('the policy', () => {
  test('is read again when its file has changed', () => {
    const { policy } = readWith({});

    writePolicy('mode: enforce\n');

    expect(policy().mode).toBe('enforce');
  });

  test('is not read again as long as its file stays the same', () => {
    const { policy } = readWith({});

    expect(policy()).toBe(policy());
  });

  test('is no more when its file becomes wrong, and comes back with it', () => {
    const { policy } = readWith({});
    writePolicy('mode: enforced\n');

    expect(() => policy()).toThrow(ConfigError);
    expect(() => policy()).toThrow(/policy\.yaml:1: mode/);

    writePolicy('mode: enforce\n');
    expect(policy().mode).toBe('enforce');
  });

  test('is no more when its file goes away', () => {
    const { policy } = readWith({});

    rmSync(file);

    expect(problemsOf(policy)).toEqual([`The policy file ${file} cannot be read: ENOENT.`]);
    expect(policy).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: 'ENOENT' }) }),
    );
  });
});
