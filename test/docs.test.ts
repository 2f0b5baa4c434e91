import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { CLOUDS } from '../src/azure/clouds.ts';
import { EVENT_OPERATIONS } from '../src/cli/simulating/deliver-to.ts';
import { type AlertType, alertAbout } from '../src/domain/alert/alert.ts';
import { OFF_BY_TAG } from '../src/domain/azure/vm.ts';
import { CHECKS } from '../src/domain/gate/checks.ts';
import { parsePolicy } from '../src/policy/parse-policy.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(`${ROOT}/${path}`, 'utf8');
const source = globSync('src/{domain,activities}/**/*.ts', { cwd: ROOT }).map(read).join('\n');

function found(pattern: RegExp, text = source): readonly string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, code = '']) => code))];
}

const codes = [
  ...Object.keys(CHECKS).filter((code) => code !== 'key' && code !== 'set'),
  ...found(/blocked\(\s*'([a-z-]+)'/g),
  ...found(/verdict\(\s*'(?:blocked|unreadable|undecidable)',\s*'([a-z-]+)'/g),
  ...found(/code: '([a-z]+-[a-z-]+)'/g),
  ...found(/^ {2}\| '([a-z]+-[a-z-]+)'/gm),
];

test('the codes are found at all', () => {
  expect(codes).toContain('shared-disk');
  expect(codes).toContain('key-disabled');
  expect(codes).toContain('may-not-deallocate');
  expect(codes.length).toBeGreaterThan(40);
});

test('every check rests on a page of Microsoft and says what to do', () => {
  for (const [code, { docs, fix }] of Object.entries(CHECKS)) {
    expect(docs, code).toMatch(/^https:\/\/learn\.microsoft\.com\/azure\/[\w/#-]+$/);
    expect(fix, code).toMatch(/^$|^[A-Z].*\.$/);
  }
});

test.for(codes.map((code): [string] => [code]))('operations.md explains %s', ([code]) => {
  expect(read('docs/operations.md')).toContain(`\`${code}\``);
});

test.for(
  found(
    /warn\(context, '([a-z.-]+)'/g,
    globSync('src/orchestrators/**/*.ts', { cwd: ROOT }).map(read).join('\n'),
  ).map((event): [string] => [event]),
)('operations.md says what to do about %s', ([event]) => {
  expect(read('docs/operations.md')).toContain(`\`${event}\``);
});

test.for(
  found(
    /code: (?:\w+\?\.code \?\? )?'([A-Z]\w+)'/g,
    globSync(
      [
        'src/orchestrators/conversion/{deallocate-and-wait,start-and-wait,convert-switched-off}.ts',
        'src/activities/conversion/{encrypt-disks,objection-to}.ts',
      ],
      { cwd: ROOT },
    )
      .map(read)
      .join('\n'),
  ).map((code): [string] => [code]),
)("operations.md explains keyturn's own code %s of a failure", ([code]) => {
  expect(read('docs/operations.md')).toContain(`\`${code}\``);
});

function written(value: unknown): string {
  if (Array.isArray(value)) return 'empty';
  if (typeof value !== 'object' || value === null) return `\`${value}\``;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return members.map(([name, member]) => `\`${name}: ${member}\``).join(', ');
}

test("the README's table names every setting with its default", () => {
  const rows = found(/^\| `(\w+)` \| /gm, read('README.md'));
  const parsed = parsePolicy('');

  expect(parsed.ok).toBe(true);
  const policy = parsed.ok ? parsed.policy : null;
  expect(rows.toSorted()).toEqual(Object.keys(policy ?? {}).toSorted());
  for (const [name, value] of Object.entries(policy ?? {})) {
    expect(read('README.md')).toContain(`| \`${name}\` | ${written(value)} |`);
  }
});

test('the clouds are where Azure says that they are', () => {
  // Source: `az cloud list`.
  expect(Object.values(CLOUDS).map(({ resourceManager }) => resourceManager)).toEqual([
    'https://management.azure.com',
    'https://management.usgovcloudapi.net',
    'https://management.chinacloudapi.cn',
  ]);
  expect(Object.values(CLOUDS).map(({ authorityHost }) => authorityHost)).toEqual([
    'https://login.microsoftonline.com',
    'https://login.microsoftonline.us',
    'https://login.chinacloudapi.cn',
  ]);
});

test('operations.md prescribes the filters that the example uses', () => {
  const rows = read('docs/operations.md').matchAll(/^\| `(on\w+)` \| (`Microsoft\..*`) \|$/gm);
  const prescribed = [...rows].map(([, name = '', operations = '']) => [
    name,
    operations.split(', ').map((it) => it.replaceAll('`', '')),
  ]);

  expect(Object.fromEntries(prescribed)).toEqual(EVENT_OPERATIONS);
});

/** The rows of all tables with these columns, each cell as it is written. */
function rowsBelow(text: string, heading: string): readonly (readonly string[])[] {
  const tables = text.split(`\n| ${heading} |\n`).slice(1);
  expect(tables.length, heading).toBeGreaterThan(0);
  return tables
    .flatMap((rest) => rest.split('\n\n', 1)[0]?.trim().split('\n').slice(1) ?? [])
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** What stands in backticks. */
function quotedIn(text = ''): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, quoted = '']) => quoted);
}

const everywhere = globSync('src/**/*.ts', { cwd: ROOT }).map(read).join('\n');
const operations = read('docs/operations.md');

test('the settings are those that the code reads', () => {
  const rows = rowsBelow(operations, 'setting | default | meaning');
  const named = rows.flatMap(([names]) => quotedIn(names)).filter((it) => it.startsWith('KEYTURN'));
  // What `keyturn serve` sets for itself is nobody else's.
  const own = 'KEYTURN_LOCAL_PERSON';

  const inCode = found(/'(KEYTURN_\w+)'/g, read('src/config.ts')).filter((name) => name !== own);
  expect(named.toSorted()).toEqual(inCode.toSorted());
  for (const [, byDefault] of rows) {
    for (const value of quotedIn(byDefault)) expect(everywhere).toContain(value);
  }
});

test('the tags are those that the code knows', () => {
  const ofOwners = rowsBelow(operations, 'tag | meaning').flatMap(([tag]) => quotedIn(tag));

  expect([...ofOwners, OFF_BY_TAG].toSorted()).toEqual(
    found(/'(keyturn:[\w-]+)'/g, everywhere).toSorted(),
  );
});

test('the alerts are those that are raised, with their severities', () => {
  const rows = rowsBelow(operations, 'type | severity | what to do');
  const raised = found(/alertAbout\(\s*'([a-z-]+)'/g, everywhere);

  expect(rows.flatMap(([type]) => quotedIn(type)).toSorted()).toEqual(raised.toSorted());
  for (const [type = '', severity] of rows) {
    const [name = ''] = quotedIn(type);
    expect(alertAbout(name as AlertType, 'keyturn', '').severity, name).toBe(severity);
  }
});

test.for([
  ['event | what to do'],
  ['reason | meaning'],
  ['reason | when it goes on'],
  ['code | what to do'],
  ['code | meaning'],
])('no row of the table %s is about what is not there any more', ([heading = '']) => {
  const codes = rowsBelow(operations, heading)
    .flatMap(([names]) => quotedIn(names))
    .filter((code) => !code.endsWith('…'));

  expect(codes.length).toBeGreaterThan(3);
  expect(codes.filter((code) => !everywhere.includes(`'${code}'`) && !isMember(code))).toEqual([]);
});

/** Codes that are members of a record need no quotes there. */
function isMember(code: string): boolean {
  return new RegExp(`^ +${code}[:,]`, 'm').test(everywhere);
}

test('the classes of failures are those of the code', () => {
  const [, list = ''] = /errors fall into classes: ([\s\S]*?)\n\n/.exec(operations) ?? [];
  const [, union = ''] = /type FailureClass =([^;]*);/.exec(everywhere) ?? [];

  expect(quotedIn(list)).toEqual(expect.arrayContaining([...found(/'([a-z-]+)'/g, union)]));
});

test('the partitions of the store are those that the code writes', () => {
  const rows = rowsBelow(read('docs/architecture.md'), 'partition | row | holds');
  const inCode = found(
    /(?:(?:PARTITION|RESUMED|JOURNAL) = |partition: )'([a-z]+)'/g,
    globSync('src/store/*.ts', { cwd: ROOT }).map(read).join('\n'),
  );

  expect(rows.flatMap(([partition]) => quotedIn(partition)).toSorted()).toEqual(inCode.toSorted());
});

test.for(['CONTRIBUTING.md', 'README.md', 'docs/architecture.md', 'docs/simulator.md'])(
  'every path that %s names is there',
  (file) => {
    const paths = quotedIn(read(file)).filter((it) =>
      /^(src|test|packages|docs|scripts|bench|fault-simulation|examples)\/[\w./{},*-]+$/.test(it),
    );
    const missing = paths.filter(
      (path) => globSync(path.replace(/\/$/, ''), { cwd: ROOT }).length === 0,
    );

    expect(missing).toEqual([]);
  },
);

test('every file on the way of an event is there', () => {
  const rows = rowsBelow(read('docs/architecture.md'), 'what happens | files');
  const paths = rows.flatMap(([, files]) => quotedIn(files));

  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => globSync(`src/${path}`, { cwd: ROOT }).length === 0)).toEqual([]);
});
