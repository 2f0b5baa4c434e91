import fc from 'fast-check';
import { expect, test } from 'vitest';
import { demoRow } from '../../../src/cli/render/demo-row.ts';
import type { ConversionStep } from '../../../src/domain/conversion/progress.ts';
import type { ConversionView } from '../../../src/functions/http/conversion-view.ts';
import { vmId } from '../../support/builders.ts';

const NOW_MS = Date.parse('2026-11-22T12:00:00Z');
const iso = (ms: number): string => new Date(ms).toISOString();

function running(step: ConversionStep, deallocate: boolean, since = iso(NOW_MS)): ConversionView {
  return {
    id: 'i',
    kind: 'vm',
    target: vmId('vm-1'),
    status: 'Running',
    createdAt: iso(NOW_MS),
    updatedAt: iso(NOW_MS),
    progress: { target: vmId('vm-1'), step, since, disks: 2, deallocate },
    outcome: null,
  };
}

test.for<[steps: readonly ConversionStep[], deallocate: boolean, speed: number]>([
  [['waiting', 'judging', 'deallocating', 'encrypting', 'starting', 'ended'], true, 1],
  [['judging', 'deallocating', 'encrypting', 'starting', 'ended'], true, 20],
  [['judging', 'deallocating', 'encrypting', 'starting', 'ended'], true, 1000],
  [['judging', 'encrypting', 'ended'], false, 1],
  [['waiting', 'judging', 'encrypting', 'ended'], false, 50],
])('progress and time left go one way through %j', ([steps, deallocate, speed]) => {
  const rows = steps.flatMap((step) =>
    [0, 0.5, 3, 60, 86_400].map((seconds) =>
      demoRow(running(step, deallocate), NOW_MS + seconds * 1000, speed),
    ),
  );

  const done = rows.map((row) => row.done);
  const left = rows.map((row) => row.secondsLeft ?? Number.NaN);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect(left).toEqual(left.toSorted((a, b) => b - a));
  expect([done[0], done.at(-1), left.at(-1)]).toEqual([0, 1, 0]);
});

test('numbers are numbers, and in their range, whatever the clocks say', () => {
  const step = fc.constantFrom<ConversionStep>(
    'judging',
    'waiting',
    'deallocating',
    'encrypting',
    'starting',
    'ended',
  );
  const since = fc.oneof(fc.constant('no time'), fc.date({ noInvalidDate: true }).map(toIso));
  const speed = fc.double({ min: 0.001, max: 100_000, noNaN: true });
  fc.assert(
    fc.property(step, fc.boolean(), since, speed, fc.integer(), (...[at, off, from, fast, now]) => {
      const { done, secondsLeft } = demoRow(running(at, off, from), now, fast);

      expect(done).toBeGreaterThanOrEqual(0);
      expect(done).toBeLessThanOrEqual(1);
      expect(secondsLeft).toBeGreaterThanOrEqual(0);
    }),
  );
});

function toIso(date: Date): string {
  return date.toISOString();
}

test('a conversion that has shown nothing yet is judging', () => {
  const row = demoRow({ ...running('judging', true), progress: null }, NOW_MS, 20);

  expect(row).toMatchObject({ name: 'vm-1', step: 'judging', disks: 0, done: 0, state: 'running' });
});

test.for<[state: string, status: ConversionView['status'], outcome: unknown, done: number]>([
  [
    'converted',
    'Succeeded',
    { kind: 'converted', disks: [], skipped: [], deallocated: false, vmLeftOff: false },
    1,
  ],
  ['converted', 'Succeeded', { kind: 'restored' }, 1],
  ['left alone', 'Succeeded', { kind: 'blocked' }, 0],
  ['left alone', 'Canceled', { kind: 'stopped' }, 0],
  ['failed', 'Failed', { kind: 'failed' }, 1],
  ['failed', 'Failed', null, 1],
])('what has ended is %s', ([state, status, outcome, done]) => {
  const row = demoRow({ ...running('ended', true), status, outcome }, NOW_MS, 20);

  expect(row).toMatchObject({ state, done, secondsLeft: null });
});
