import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runSeeds, type SeedResult } from '../../fault-simulation/run-seeds.ts';

const ROOT = join(import.meta.dirname, '../..');

/** In processes of their own, of which two go on at once. */
async function play(seeds: readonly number[]): Promise<readonly SeedResult[]> {
  const results: SeedResult[] = [];
  await runSeeds({
    root: ROOT,
    seeds,
    workers: 2,
    onResult: (result) => {
      results.push(result);
      return 'go-on';
    },
  });
  return results.toSorted((a, b) => a.seed - b.seed);
}

const from = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at);

let results: readonly SeedResult[] = [];

test('keeps every promise in 300 stories of faults, owners and crashes', async () => {
  results = await play(from(1, 300));

  const broken = results.filter(({ violations }) => violations.length > 0);
  expect(broken.map(({ seed, violations }) => ({ seed, violations }))).toEqual([]);
  expect(results).toHaveLength(300);
}, 600_000);

test('plays a seed the same each time, whatever was played before it', async () => {
  const before = results.slice(0, 6).map(({ digest }) => digest);

  const again = await play(from(1, 6).toReversed());

  expect(again.map(({ digest }) => digest)).toEqual(before);
  expect(new Set(before).size).toBe(6);
}, 120_000);
