import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import config from '../vitest.config.ts';

const ROOT = join(import.meta.dirname, '..');
const files = (patterns: readonly string[]): readonly string[] =>
  patterns.flatMap((pattern) => globSync(pattern, { cwd: ROOT }));

/** The files of each project, as vitest finds them. */
const projects = (config.test?.projects ?? []).map((project) => {
  const { include = [], exclude = [] } = (project as typeof config).test ?? {};
  const left = new Set(files(exclude));
  return files(include).filter((file) => !left.has(file));
});

test('every test file belongs to one project, and to one alone', () => {
  const all = files(['{src,test,packages,fault-simulation,bench,scripts}/**/*.{test,spec}.*']);

  expect(projects.length).toBeGreaterThan(2);
  expect(projects.flat().toSorted()).toEqual(
    all.filter((file) => !file.includes('node_modules')).toSorted(),
  );
});
