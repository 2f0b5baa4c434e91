import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (file: string) =>
  JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'));

test('the version of orchestrations is the release, which orchestrators compare by number', () => {
  const { version } = read('package.json');
  const { defaultVersion } = read('host.json').extensions.durableTask;

  expect(defaultVersion).toBe(version);
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});

test('the host runs instances of older releases, and fails those of newer ones', () => {
  expect(read('host.json').extensions.durableTask).toMatchObject({
    versionMatchStrategy: 'CurrentOrOlder',
    versionFailureStrategy: 'Fail',
  });
});
