import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exchange } from '@keyturn/azure-simulator/gateway';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unexplained } from '../../packages/azure-simulator/test/explained.ts';
import { judge, NO_JUDGE } from '../../packages/azure-simulator/test/judge.ts';
import type { DemoSummary } from '../../src/cli/render/demo-summary.ts';
import { type Finished, runCommand } from '../support/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-e2e-'));
const traffic = join(folder, 'traffic.jsonl');

let ended: Finished;
let seconds: number;

beforeAll(async () => {
  const startedMs = Date.now();
  ended = await runCommand('npm', ['start', '--', '--once', '--record', traffic]);
  seconds = (Date.now() - startedMs) / 1000;
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true }));

test('npm start -- --once converts the example estate within 90 s', () => {
  const { disks, vms, converted, skipped, failed, vmsLeftOff } = summaryOf(ended);

  expect(ended.exitCode, ended.err).toBe(0);
  expect(seconds).toBeLessThan(90);
  expect({ failed, vmsLeftOff }).toEqual({ failed: 0, vmsLeftOff: 0 });
  expect(vms).toBeGreaterThanOrEqual(24);
  expect(disks).toBeGreaterThanOrEqual(60);
  expect(skipped).not.toHaveProperty('not-judged');
  expect(converted + Object.values(skipped).reduce((sum, count) => sum + count, 0)).toBe(disks);
});

test('no VM is switched off twice, and none whose disks were not converted', () => {
  const off = requests().filter(
    ({ method, path }) => method === 'POST' && /\/deallocate$/.test(path),
  );
  const on = requests().filter(({ method, path }) => method === 'POST' && /\/start$/.test(path));

  expect(new Set(off.map(({ path }) => path)).size).toBe(off.length);
  expect(off).toHaveLength(summaryOf(ended).deallocations);
  expect(on.map(({ path }) => path.replace(/start$/, 'deallocate')).toSorted()).toEqual(
    off.map(({ path }) => path).toSorted(),
  );
});

test('no token and no key is in what it records or says', () => {
  const said = readFileSync(traffic, 'utf8') + ended.out + ended.err;

  expect(said).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
  expect(said).not.toMatch(/code=(?!redacted)[\w-]{20}/);
});

test("what goes between keyturn and the simulated Azure is what Microsoft's documents say", async ({
  skip,
}) => {
  skip(NO_JUDGE !== null, NO_JUDGE ?? '');
  const { verdicts, pairs } = await judge(recorded());

  expect(pairs).toBeGreaterThan(500);
  expect(unexplained(verdicts)).toEqual([]);
});

function summaryOf({ out }: Finished): DemoSummary {
  return JSON.parse(out.trim().split('\n').at(-1) ?? '') as DemoSummary;
}

function requests(): readonly { method: string; path: string }[] {
  return recorded().map(({ method, url }) => ({ method, path: new URL(url).pathname }));
}

function recorded(): readonly Exchange[] {
  const lines = readFileSync(traffic, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}
