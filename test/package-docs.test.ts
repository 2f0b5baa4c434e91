import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { differences } from '../packages/functions-host/test/differences.ts';

const ROOT = join(import.meta.dirname, '..');
const FOLDERS = globSync('packages/*/package.json', { cwd: ROOT }).map(dirname).toSorted();

describe.for(FOLDERS)('the README of %s', (folder) => {
  const read = (path: string): string => readFileSync(join(ROOT, folder, path), 'utf8');
  const readme = read('README.md');
  const shown = [
    ...readme.matchAll(/^\[`(examples\/[^`]+)`\]\(\1\):\n\n```\w+\n(.*?)^```$/gms),
  ].map(([, path = '', code = '']): [string, string] => [path, code]);

  test('shows examples', () => {
    expect(shown.length).toBeGreaterThan(1);
  });

  test.for(shown)('shows %s as it is', ([path, code]) => {
    expect(code).toBe(read(path));
  });

  test('names every entry point, and no other', () => {
    const { exports } = JSON.parse(read('package.json')) as { exports: object };
    const [, table = ''] = /## Entry points\n\n.*\n.*\n((?:\|.*\n)+)/.exec(readme) ?? [];
    const named = table.split('\n').flatMap((row) => {
      const [, entries = ''] = row.split('|');
      return [...entries.matchAll(/`([^`]+)`/g)].map(([, name]) => `./${name}`);
    });

    expect(named.toSorted()).toEqual(Object.keys(exports).toSorted());
  });
});

test('the README of the host lists each known difference from the genuine one, and no other', () => {
  const readme = readFileSync(join(ROOT, 'packages/functions-host/README.md'), 'utf8');
  const [, table = ''] = /^\| difference \| why \|\n.*\n((?:\|.*\n)+)/m.exec(readme) ?? [];
  const rows = new Set(differences.map(({ what, why }) => `| ${what} | ${why} |`));

  expect(table.trimEnd().split('\n')).toEqual([...rows]);
});
