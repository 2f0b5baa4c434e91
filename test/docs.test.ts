import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { CLOUDS } from '../src/azure/clouds.ts';
import { EVENT_OPERATIONS } from '../src/cli/simulating/deliver-to.ts';
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
    /alertAbout\(\s*'([a-z-]+)'/g,
    globSync('src/{orchestrators,domain}/**/*.ts', { cwd: ROOT }).map(read).join('\n'),
  ).map((type): [string] => [type]),
)('operations.md says what to do about the alert %s', ([type]) => {
  expect(read('docs/operations.md')).toContain(`| \`${type}\` | Sev`);
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
