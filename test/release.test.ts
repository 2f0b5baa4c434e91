import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OPEN_API } from '../src/functions/open-api/open-api.ts';
import { RELEASE } from '../src/release.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));

test('the version of orchestrations is the release, which orchestrators compare by number', () => {
  const { defaultVersion } = read('host.json').extensions.durableTask;

  expect(defaultVersion).toBe(RELEASE);
  expect(RELEASE).toBe(read('package.json').version);
  expect(RELEASE).toMatch(/^\d+\.\d+\.\d+$/);
});

test('the host runs instances of older releases, and fails those of newer ones', () => {
  expect(read('host.json').extensions.durableTask).toMatchObject({
    versionMatchStrategy: 'CurrentOrOlder',
    versionFailureStrategy: 'Fail',
  });
});

test('the HTTP interface names the release, and no file of the code has a number of its own', () => {
  const sources = globSync('src/**/*.ts', { cwd: ROOT }).map((file) => [
    file,
    readFileSync(join(ROOT, file), 'utf8').replace(/^\s*(\/\/|\/?\*).*$/gm, ''),
  ]);

  expect(OPEN_API.info.version).toBe(RELEASE);
  expect(sources.filter(([, text]) => text?.includes(`'${RELEASE}'`))).toEqual([]);
});
